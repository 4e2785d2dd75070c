/** What stands before a password that its program takes without naming it. */
export interface Option {
  programs: string;
  before: RegExp;
  /** A user's name and a password in one. */
  login?: true;
  cookies?: true;
  /** Words stand in such a place too: only what looks made up is taken. */
  likely?: true;
  /** What else must stand in the command. */
  beside?: RegExp;
  /** What ends the password within its word. */
  until?: string;
}

const USER = '["\']?[^\\s:"\'%]{0,64}';
const VALUE_OF_NAME = '["\']?[\\w.-]{1,64}=';

/** From the manuals of these programs. A program's own letter says nothing elsewhere: `-p` is a port, a path, a page. */
export const OPTIONS: readonly Option[] = [
  // Databases and queues.
  {
    programs:
      'mysql|mysqldump|mysqladmin|mysqlimport|mysqlpump|mysqlsh|mycli|mariadb|mariadb-dump|mariadb-admin|7z|7za|7zz|7zr|rar|unrar',
    before: /\s["']?-(?:p|hp)(?=[^\s-])/g,
  },
  { programs: 'mysqladmin', before: /\spassword\s{1,4}/g },
  { programs: 'redis-cli|valkey-cli|keydb-cli', before: /\s(?:-a|--pass)[\s=]{1,4}/g },
  {
    programs: 'redis-cli|valkey-cli|keydb-cli',
    before: /\sauth\s{1,4}(?:[\w.-]{1,64}\s{1,4}(?=["']?[^\s-]))?/gi,
  },
  {
    programs:
      'mongo|mongosh|mongodump|mongorestore|mongoexport|mongoimport|cqlsh|cypher-shell|beeline|evil-winrm|crackmapexec|nxc|netexec|psexec|xfreerdp|wfreerdp|rdesktop|mssql-cli|adb-pair|veracrypt|truecrypt|twine|sshpass|mcrcon|rcon|rcon-cli',
    before: /\s["']?(?:-p|\/p:)\s{0,4}(?=[^\s-])/g,
  },
  {
    programs: 'sqlplus|sqlcl|sqlldr|impdp|expdp|exp|imp|rman',
    before: /\s["']?\w{1,40}\/(?=[^\s@/])/g,
    until: '@',
  },
  {
    programs:
      'zip|unzip|zipcloak|sqlcmd|bcp|osql|isql|tsql|mosquitto_pub|mosquitto_sub|ipmitool|mqttx|ncftpget|ncftpput',
    before: /\s-P\s{0,4}(?=[^\s-])/g,
  },
  {
    programs: 'rabbitmqctl',
    before: /\s(?:add_user|change_password|authenticate_user)\s{1,4}\S{1,64}\s{1,4}/g,
  },
  // Registries, clouds and stores of secrets.
  {
    programs:
      '(?:docker|podman|helm|nerdctl|skopeo|buildah|oras|crane|az|oc|argocd|cf|heroku|npm)(?:\\s+[\\w-]{1,20}){0,2}\\s+login',
    before: /\s-p\s{0,4}(?=[^\s-])/g,
  },
  { programs: 'nuget|dotnet', before: /\s(?:-p|-k|-ApiKey|--api-key|-Password)\s{1,4}/g, likely: true },
  {
    programs: 'cargo|vault|snyk|npx|gh|glab',
    before: /\s(?:login|auth)\s{1,4}(?=["']?[^\s-])/g,
    likely: true,
  },
  { programs: 'poetry', before: /\sconfig\s{1,4}pypi-token\.\S{1,64}\s{1,4}/g },
  { programs: 'poetry', before: /\sconfig\s{1,4}http-basic\.\S{1,64}\s{1,4}\S{1,64}\s{1,4}/g },
  {
    programs:
      'doctl|glab|fly|flyctl|vercel|netlify|railway|wrangler|circleci|sentry-cli|ngrok|cloudflared|surge|nordvpn',
    before: /\s(?:-t|authtoken|add-authtoken|--with-token)[\s=]{1,4}/g,
    likely: true,
  },
  { programs: 'mc|mcli', before: /\s(?:alias|config host)\s{1,4}(?:set|add)(?:\s{1,4}\S{1,200}){3}\s{1,4}/g },
  { programs: 'gh', before: /\ssecret\s+set\s[^\n]{0,100}?(?:--body|-b)[\s=]{1,4}/g },
  {
    programs: 'kubectl|oc|k',
    before: new RegExp(`--from-literal[= ]${VALUE_OF_NAME}`, 'g'),
    beside: /\ssecret\s/,
  },
  {
    programs: 'fly|flyctl|supabase|wrangler',
    before: new RegExp(`\\ssecrets\\s+set\\s+(?:${VALUE_OF_NAME}\\S+\\s+)*?${VALUE_OF_NAME}`, 'g'),
  },
  { programs: 'az', before: /--value[ =]/g, beside: /keyvault\s+secret\s+set/ },
  { programs: 'aws', before: /--value[ =]/g, beside: /SecureString/ },
  // What codes of six digits are made from.
  { programs: 'oathtool', before: /\s(?=["']?[A-Za-z2-7][A-Za-z0-9= ]{9,128}(?:["']|\s|$))/g },
  {
    programs: 'ykman',
    before: /\s(?:add|uri)\s{1,4}(?:-{1,2}[\w-]{1,20}\s{1,4}){0,4}\S{1,64}\s{1,4}(?=["']?[^\s-])/g,
    beside: /\s(?:oath|otp)\s/,
    likely: true,
  },
  { programs: 'adb', before: /\sinput\s{1,4}text\s{1,4}/g, beside: /text\s[^\n]{0,200}#[^\n]{0,80}pass/i },
  // Keys, archives and documents.
  { programs: 'openssl|qpdf', before: /[\s=](?:pass:|-[kK]\s{1,4}|--encrypt\s{1,4})/g },
  {
    programs: 'openssl|mkpasswd',
    before: /\spasswd\s{1,4}(?:-\w+\s{1,4}(?:[\w.]{1,16}\s{1,4})?)*(?=["']?[^\s-])/g,
    likely: true,
  },
  { programs: 'mkpasswd', before: /\s(?=["']?[^\s-])/g, likely: true },
  {
    programs: 'keytool|jarsigner|apksigner|zipalign',
    before: /\s--?\w{0,20}pass(?:word)?(?::\w{1,20})?[\s=]{1,4}(?:pass:)?/g,
  },
  // Keepers of passwords.
  { programs: 'bw|bws|rbw', before: /\sunlock\s{1,4}(?=["']?[^\s-])/g },
  {
    programs: 'bw|bws|lpass',
    before: /\slogin\s{1,4}[\w.+-]{1,64}@[\w.-]{1,64}\s{1,4}(?=["']?[^\s-])/g,
  },
  { programs: 'steghide|ccrypt|ccdecrypt|ccencrypt', before: /\s-[pPK]\s{1,4}(?=["']?[^\s-])/g },
  // What a machine joins others by.
  {
    programs: 'cloudflared',
    before: /\s(?:service\s{1,4}install|--token)[\s=]{1,4}(?=["']?[^\s-]{20})/g,
  },
  {
    programs:
      'k3s|k3sup|rke2|kubeadm|netbird|twingate|teleport|tctl|tbot|consul|nomad|swupd|rancher|zrok|omnictl|gitlab-runner|buildkite-agent|config\\.sh|newrelic|portainer|wgcloud|husarnet|influx|juju',
    before: /\s(?:--(?:agent-|join-|setup-|registration-)?(?:token|key)|-r|-t)[\s=]{1,4}(?=["']?[^\s-])/g,
    likely: true,
  },
  { programs: 'ssh-keygen', before: /\s-[NP]\s{1,4}/g },
  { programs: 'pdftk', before: /\s(?:owner_pw|user_pw|input_pw)\s{1,4}/g },
  { programs: 'security', before: /\s-[wpk]\s{1,4}(?=["']?[^\s-])/g, likely: true },
  {
    programs: 'certutil|signtool|pvk2pfx',
    before: /\s[-/](?:p|po|pi)\s{1,4}(?=["']?[^\s-])/gi,
    likely: true,
  },
  // Directories, mail, files, machines.
  { programs: 'ldap(?:search|add|modify|delete|whoami|passwd|modrdn|compare)', before: /\s-w\s{1,4}/g },
  { programs: 'ldappasswd', before: /\s-[sa]\s{1,4}/g },
  { programs: 'kadmin|kadmin\\.local', before: /\s-(?:pw|w)\s{1,4}/g },
  { programs: 'swaks', before: /\s(?:-ap|--auth-password)[\s=]{1,4}/g },
  { programs: 'sendemail|sendEmail', before: /\s-xp\s{1,4}/g },
  { programs: 'lftp', before: /\s-u\s{0,4}[^\s,]{1,64},/g },
  { programs: 'ncftp|ncftpls|veracrypt|winscp', before: /\s-p\s{1,4}/g },
  {
    programs: 'smbclient|smbmap|rpcclient|smbget|net|smbtree|winexe|wmic|pth-\\w{1,20}',
    before: /-U\s{0,4}["']?[^\s%"']{1,64}%/g,
  },
  {
    programs: 'htpasswd',
    before: /\s-(?:\w*n\w*b\w*|\w*b\w*n\w*)\s+\S{1,64}\s+|\s-\w*b\w*\s+\S{1,256}\s+\S{1,64}\s+/g,
  },
  { programs: 'plink|pscp|psftp|putty|kitty', before: /\s-pw\s{1,4}/g },
  { programs: 'snmp(?:get|walk|set|bulkwalk|getnext|trap)', before: /\s-[AX]\s{1,4}/g },
  { programs: 'snmp(?:get|walk|set|bulkwalk|getnext|trap)', before: /\s-c\s{1,4}(?!public|private)/g },
  { programs: 'ipmitool', before: /\suser\s{1,4}set\s{1,4}password\s{1,4}\d{1,3}\s{1,4}/g },
  { programs: 'useradd|usermod|adduser', before: /\s-p\s{1,4}/g },
  {
    programs: 'net',
    before: /\suse\s+(?:[A-Za-z*]:?\s+)?\\\\\S{1,200}\s+(?:\/user:\S{1,64}\s+)?(?=[^\s/*])/g,
  },
  { programs: 'net', before: /\suser\s{1,4}\S{1,64}\s{1,4}(?=["']?[^\s/*])/g },
  { programs: 'cmdkey|wmic|psexec', before: /\s\/pass(?:word)?:/gi },
  { programs: 'schtasks', before: /\s\/rp\s{1,4}/gi },
  { programs: 'wpa_passphrase', before: /\s(?:"[^"\n]{1,64}"|'[^'\n]{1,64}'|\S{1,64})\s{1,4}/g },
  { programs: 'adb|wpa_cli|netsh', before: /\s(?:wpa[23]?|wep|psk)\s{1,4}/g },
  { programs: 'iwconfig', before: /\skey\s{1,4}(?:s:)?/g },
  // HTTP.
  {
    programs: 'curl',
    before: new RegExp(`\\s(?:-u|--user|-U|--proxy-user)[\\s=]{0,4}${USER}:`, 'g'),
    login: true,
  },
  { programs: 'curl', before: /\s(?:-b|--cookie)[\s=]{0,4}(?=["']?[\w.%-]{1,64}=)/g, cookies: true },
  {
    programs: 'http|https|xh|xhs',
    before: new RegExp(`\\s(?:-a|--auth)[\\s=]{0,4}${USER}:`, 'g'),
    login: true,
  },
  {
    programs: 'mvn|gradle|gradlew|sonar-scanner|java',
    before: /\s-D[\w.]{0,40}(?:login|token|passphrase|password)=/g,
    likely: true,
  },
];
