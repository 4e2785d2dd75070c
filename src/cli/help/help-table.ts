/** What a command's `--help` says after its options, and the manual with it. */
export interface HelpEntry {
  /** Command lines that work as they stand, and what each is for. */
  examples: readonly (readonly [line: string, what: string])[];
  /** A page of the package and a heading on it. */
  readOn: readonly [page: string, heading: string];
}

/** By the command's words; the program itself is ''. A command of the table without its line here fails a test. */
export const HELP: Readonly<Record<string, HelpEntry>> = {
  '': {
    examples: [
      ['holdpoint demo', 'a shop, an agent and you in between, in a minute'],
      ['holdpoint wrap --dry-run', 'what would change to put it in front of your servers'],
      ['holdpoint', 'on a terminal: see what waits, and answer'],
    ],
    readOn: ['README.md', 'Put it in front of a server'],
  },
  run: {
    examples: [
      ['holdpoint run -- npx -y @modelcontextprotocol/server-filesystem .', 'as a client would start it'],
      ['holdpoint run --url https://mcp.linear.app/mcp', 'a remote server'],
      ['holdpoint run --server github --as ci -- docker run -i ghcr.io/github/github-mcp-server', ''],
    ],
    readOn: ['README.md', 'Put it in front of a server'],
  },
  team: {
    examples: [
      ['holdpoint team init', 'make a team at the relay that the policy names'],
      ['holdpoint team status', 'whether it is reached, who is there, what waits'],
    ],
    readOn: ['docs/team.md', 'Three machines in fifteen minutes'],
  },
  'team init': {
    examples: [['holdpoint team init --replicas 3', 'each message is kept by three servers of a cluster']],
    readOn: ['docs/team.md', 'Three machines in fifteen minutes'],
  },
  'team join': {
    examples: [['holdpoint team join holdpoint-team-1.WyJhY21l --machine build-1', '']],
    readOn: ['docs/team.md', 'Three machines in fifteen minutes'],
  },
  'team status': {
    examples: [
      ['holdpoint team status', ''],
      ['holdpoint team status --json', 'the same for a script'],
    ],
    readOn: ['docs/team.md', 'Every day'],
  },
  'team permissions': {
    examples: [
      ['holdpoint team permissions --role proxy --machine build-1', ''],
      ['holdpoint team permissions --nsc', 'for a server that takes .creds files'],
    ],
    readOn: ['docs/team.md', 'Roles'],
  },
  'team policy': {
    examples: [
      ['holdpoint team policy publish team-policy.json', ''],
      ['holdpoint team policy take', 'here, whatever it allows'],
    ],
    readOn: ['docs/team.md', 'One policy for all machines'],
  },
  'team policy publish': {
    examples: [['holdpoint team policy publish team-policy.json', 'its next version, signed by you']],
    readOn: ['docs/team.md', 'One policy for all machines'],
  },
  'team policy take': {
    examples: [['holdpoint team policy take', 'where the new version allows more than the one before']],
    readOn: ['docs/team.md', 'One policy for all machines'],
  },
  'team demo': {
    examples: [['holdpoint team demo', 'a laptop, a server and a relay; needs nats-server']],
    readOn: ['docs/team.md', 'Running the relay'],
  },
  'team leave': {
    examples: [['holdpoint team leave', 'approvals stay on this machine from now on']],
    readOn: ['docs/team.md', 'Every day'],
  },
  watch: {
    examples: [
      ['holdpoint watch', 'the terminal; ? there says its keys'],
      ['holdpoint watch --plain', 'line by line'],
    ],
    readOn: ['docs/watch.md', 'Answering'],
  },
  pending: {
    examples: [
      ['holdpoint pending', 'what waits, and until when'],
      ['holdpoint pending --json', 'the same for a script'],
    ],
    readOn: ['README.md', 'Approve'],
  },
  approve: {
    examples: [
      ['holdpoint approve k7qfm', 'asks for the text of the call where one is needed'],
      ['holdpoint approve k7qfm --for 8h', 'and the same call for eight hours'],
    ],
    readOn: ['docs/audit.md', 'Remembering an approval'],
  },
  reject: {
    examples: [['holdpoint reject k7qfm --reason "Use the staging database."', 'the agent reads the reason']],
    readOn: ['README.md', 'Approve'],
  },
  approver: {
    examples: [
      ['holdpoint approver init', 'make your key'],
      ['holdpoint approver list', 'whose approvals count'],
    ],
    readOn: ['docs/audit.md', 'Signed approvals'],
  },
  'approver init': {
    examples: [['holdpoint approver init --name ada', 'asks for a passphrase, twice']],
    readOn: ['docs/audit.md', 'Signed approvals'],
  },
  'approver list': {
    examples: [['holdpoint approver list --json', '']],
    readOn: ['docs/audit.md', 'Signed approvals'],
  },
  'approver enroll': {
    examples: [['holdpoint approver enroll grace.pub', 'her key counts from now on']],
    readOn: ['docs/audit.md', 'Signed approvals'],
  },
  'approver remove': {
    examples: [['holdpoint approver remove grace', 'her key counts no longer']],
    readOn: ['docs/audit.md', 'What a key guards besides approvals'],
  },
  grants: {
    examples: [['holdpoint grants list', 'what runs without asking']],
    readOn: ['docs/audit.md', 'Remembering an approval'],
  },
  'grants list': {
    examples: [['holdpoint grants list', '']],
    readOn: ['docs/audit.md', 'Remembering an approval'],
  },
  'grants revoke': {
    examples: [
      ['holdpoint grants revoke k7qfm', 'the id that "grants list" shows'],
      ['holdpoint grants revoke added-2026-11-27-0bb4a0', 'takes a rule out of your policy'],
    ],
    readOn: ['docs/audit.md', 'Remembering an approval'],
  },
  stop: {
    examples: [
      ['holdpoint stop', 'no call runs, until "holdpoint resume"'],
      ['holdpoint stop --reason "It deletes mail."', 'agents read the reason'],
    ],
    readOn: ['docs/watch.md', 'The brake'],
  },
  resume: {
    examples: [['holdpoint resume', 'calls are decided again']],
    readOn: ['docs/watch.md', 'The brake'],
  },
  policy: {
    examples: [
      ['holdpoint policy init github slack', 'a draft'],
      ['holdpoint policy check', 'its mistakes'],
      ['holdpoint policy apply', 'now it counts'],
    ],
    readOn: ['docs/policy.md', 'Three lists'],
  },
  'policy init': {
    examples: [
      ['holdpoint policy init filesystem --print', 'look at it first'],
      ['holdpoint policy init github slack', 'into the holdpoint home'],
    ],
    readOn: ['docs/policy.md', 'Ready-made packs'],
  },
  'policy check': {
    examples: [
      ['holdpoint policy check', 'the one in the holdpoint home'],
      ['holdpoint policy check draft.json --tools github=tools.json', 'its names against the real tools'],
    ],
    readOn: ['docs/policy.md', 'Mistakes'],
  },
  'policy explain': {
    examples: [
      ['holdpoint policy explain github/merge_pull_request', 'what would happen, and why'],
      [`holdpoint policy explain shop/refund --args '{"amount": 9000}' --policy draft.json`, ''],
    ],
    readOn: ['docs/policy.md', 'Three lists'],
  },
  'policy test': {
    examples: [['holdpoint policy test cases.json', 'what you rely on, as cases']],
    readOn: ['docs/policy.md', 'From watching to deciding'],
  },
  'policy replay': {
    examples: [['holdpoint policy replay draft.json --since 7d', 'how many questions the draft would ask']],
    readOn: ['docs/policy.md', 'From watching to deciding'],
  },
  'policy suggest': {
    examples: [
      ['holdpoint policy suggest', 'what always got a yes, as rules that would have spared the question'],
      ['holdpoint policy suggest --add 1', 'shows the difference and asks'],
    ],
    readOn: ['docs/policy.md', 'Fewer questions'],
  },
  'policy apply': {
    examples: [['holdpoint policy apply', 'shows the difference and asks']],
    readOn: ['docs/policy.md', 'Whose policy counts'],
  },
  tools: {
    examples: [
      ['holdpoint tools', 'of every server that was used here, and what changed'],
      ['holdpoint tools -- npx -y @modelcontextprotocol/server-filesystem .', 'before you use it'],
    ],
    readOn: ['docs/policy.md', 'What a tool may do'],
  },
  'tools class': {
    examples: [
      ['holdpoint tools class shop/close_account destructive', 'its calls are asked about from now on'],
      ['holdpoint tools class shop/close_account auto', 'as it is guessed again'],
    ],
    readOn: ['docs/policy.md', 'What a tool may do'],
  },
  'tools accept': {
    examples: [
      ['holdpoint tools accept github', 'all that changed'],
      ['holdpoint tools accept github/create_issue', 'this tool alone'],
    ],
    readOn: ['docs/policy.md', 'What a tool may do'],
  },
  audit: {
    examples: [
      ['holdpoint audit list', 'what happened'],
      ['holdpoint audit show k7qfm', 'one call: who authorised it, what ran'],
      ['holdpoint audit verify', 'is the record whole?'],
    ],
    readOn: ['docs/audit.md', 'Who authorised what'],
  },
  'audit list': {
    examples: [
      ['holdpoint audit list --since 2h --effect escalate', 'the questions of the last two hours'],
      ["holdpoint audit list --tool 'delete_*' -n 200", ''],
    ],
    readOn: ['README.md', 'The record'],
  },
  'audit tail': {
    examples: [['holdpoint audit tail --server github', 'as it happens; Ctrl-C ends it']],
    readOn: ['README.md', 'The record'],
  },
  'audit stats': {
    examples: [['holdpoint audit stats --since 7d', 'how much was asked, how fast it was answered']],
    readOn: ['README.md', 'The record'],
  },
  'audit show': {
    examples: [
      ['holdpoint audit show k7qfm', ''],
      ['holdpoint audit show k7qfm --matches token.txt', 'is it what was masked?'],
    ],
    readOn: ['docs/audit.md', 'Secrets'],
  },
  'audit verify': {
    examples: [['holdpoint audit verify --checkpoint /mnt/backup/checkpoints', '']],
    readOn: ['docs/audit.md', 'What verify checks'],
  },
  'audit export': {
    examples: [['holdpoint audit export', 'to stdout; "> records.json" keeps it']],
    readOn: ['docs/audit.md', 'Where it is'],
  },
  clients: {
    examples: [['holdpoint clients', 'which clients are here, and what is wrapped']],
    readOn: ['docs/clients.md', 'The same for every client'],
  },
  wrap: {
    examples: [
      ['holdpoint wrap', 'every client and server that is found, to choose from'],
      ['holdpoint wrap --dry-run', 'shows every change and makes none'],
      ['holdpoint wrap cursor --server github', 'this server; then restart its client'],
      ['holdpoint wrap --file ~/dotfiles/mcp.json', 'a file in another place'],
    ],
    readOn: ['docs/clients.md', 'The same for every client'],
  },
  unwrap: {
    examples: [['holdpoint unwrap cursor --server github', 'this server only']],
    readOn: ['docs/clients.md', 'The same for every client'],
  },
  login: {
    examples: [
      ['holdpoint login https://mcp.linear.app/mcp', 'opens your browser; tokens stay in the holdpoint home'],
      ['holdpoint login https://mcp.linear.app/mcp --scope "read write"', 'where a call wants more rights'],
      ['holdpoint login --list', 'where somebody is signed in'],
    ],
    readOn: ['docs/remote.md', 'Signing in'],
  },
  logout: {
    examples: [['holdpoint logout https://mcp.linear.app/mcp', 'here, and there if it can be told']],
    readOn: ['docs/remote.md', 'Signing in'],
  },
  doctor: {
    examples: [
      ['holdpoint doctor', 'what is not right, and what mends it'],
      ['holdpoint doctor --json', 'for a script; exit code 1 when something is in trouble'],
    ],
    readOn: ['docs/troubleshooting.md', 'What you see, what it is, what to do'],
  },
  why: {
    examples: [
      ['holdpoint why github/create_issue', 'is it guarded, by which item is it held'],
      ['holdpoint why k7qfm', 'a call that was held'],
      ['holdpoint why cursor', 'a server: where it stands, and its last calls'],
    ],
    readOn: ['docs/troubleshooting.md', 'Nothing is held'],
  },
  demo: {
    examples: [['holdpoint demo --scripted', 'without questions']],
    readOn: ['README.md', 'holdpoint'],
  },
  completion: {
    examples: [
      ['eval "$(holdpoint completion bash)"', 'in ~/.bashrc'],
      ['eval "$(holdpoint completion zsh)"', 'in ~/.zshrc, after compinit'],
      ['holdpoint completion fish | source', 'in ~/.config/fish/config.fish'],
    ],
    readOn: ['README.md', 'Commands'],
  },
};
