/** One thing that the demo's agent wants, and what the script's person says when it is asked. */
export interface Step {
  wish: string;
  tool: string;
  arguments: Record<string, unknown>;
  /** Where nobody sits at a terminal, the script answers for them. */
  scripted?: { verdict: 'approve' | 'reject'; reason?: string };
}

export const STORY: readonly Step[] = [
  { wish: 'see what is open', tool: 'list_orders', arguments: {} },
  { wish: 'look at the complaint about the chair', tool: 'get_order', arguments: { id: 1042 } },
  {
    wish: 'give 40 EUR back for the scratch',
    tool: 'refund_order',
    arguments: { id: 1042, amount: 40, note: 'Scratched armrest, photo attached' },
    scripted: { verdict: 'approve' },
  },
  {
    wish: 'tidy up: remove the customer who complained',
    tool: 'delete_customer',
    arguments: { customer: 'c-23' },
  },
  {
    wish: 'apologise to everybody',
    tool: 'mail_customers',
    arguments: {
      list: 'all-customers',
      subject: 'We are sorry about your chair',
      body: 'Dear customer,\nwe heard that your chair arrived scratched.\nPlease accept our apologies.',
    },
    scripted: { verdict: 'reject', reason: 'Only one customer has a scratched chair' },
  },
  {
    wish: 'try the same mail once more',
    tool: 'mail_customers',
    arguments: {
      list: 'all-customers',
      subject: 'We are sorry about your chair',
      body: 'Dear customer,\nwe heard that your chair arrived scratched.\nPlease accept our apologies.',
    },
  },
  {
    wish: 'ship the fix for the order page',
    tool: 'deploy',
    arguments: { version: '2.4.1', environment: 'production' },
    scripted: { verdict: 'approve' },
  },
];

/** The demo's policy: reads run, deleting never does, the rest is asked. */
export const DEMO_POLICY = `{
  "version": 1,
  "deny": [{ "tool": "shop/delete_*", "reason": "Customers are deleted by people, in the shop system" }],
  "escalate": [
    { "tool": "shop/refund_*", "reason": "Money leaves the house", "show": ["amount", "id"] },
    { "tool": "shop/mail_*", "reason": "Goes to real people" },
    { "tool": "shop/deploy", "reason": "Changes what customers see", "confirm": "type" }
  ],
  "allow": ["shop/list_*", "shop/get_*"],
  // The demo answers its own questions where no terminal is; a real policy leaves this out.
  "approvals": { "cli": "any" }
}
`;
