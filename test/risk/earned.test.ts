import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ToolDefinition } from '../../src/risk/classes/tool-risk.ts';
import { classify } from '../../src/risk/classify.ts';
import { isPlainRead } from '../../src/risk/plain-read.ts';

function tool(name: string, description: string, parameters: Record<string, object> = {}): ToolDefinition {
  return { name, description, inputSchema: { type: 'object', properties: parameters } };
}

const flag = { type: 'boolean' };
const text = { type: 'string' };
const plain = (one: ToolDefinition): boolean => isPlainRead(one, classify(one));

function setOf(name: string): ToolDefinition[] {
  const lines = readFileSync(resolve(import.meta.dirname, `sets/${name}.txt`), 'utf8')
    .trimEnd()
    .split('\n');
  return lines.map((line) => {
    const [named = '', description = '', parameters = ''] = line.replace(/^\* /, '').split(' | ');
    const names = parameters.split(/,\s*/).filter((one) => one !== '' && one !== '|');
    return tool(named, description, Object.fromEntries(names.map((one) => [one.trim(), text])));
  });
}

interface Stranger {
  label: string;
  kind: string;
  tool: ToolDefinition;
}

/** Tools that somebody wrote who had not seen the rules: see sets/README.md. */
function strangers(): Stranger[] {
  const lines = readFileSync(resolve(import.meta.dirname, 'sets/strangers.jsonl'), 'utf8')
    .trimEnd()
    .split('\n');
  return lines.map((line) => JSON.parse(line) as Stranger);
}

describe('a read is sure only where every deed is known to read', () => {
  it.for([
    ['nothing but a read', tool('get_forecast', 'Get the forecast for a town.', { town: text }), true],
    ['a passive', tool('get_forecast', 'Get the forecast. Older forecasts are discarded.'), false],
    ['a participle that is no known word', tool('get_forecast', 'Get it. The rest is sunsetted.'), false],
    ['what is gone afterwards', tool('get_forecast', 'Get the forecast, which is gone afterwards.'), false],
    [
      'more adverbs than are looked over',
      tool('get_town', `Get it. All are ${'fully '.repeat(9)}wiped.`),
      false,
    ],
    ['a second deed', tool('get_forecast', 'Gets the forecast and lowers the blinds.'), false],
    ['a verb that is not known', tool('frobnicate_town', 'Frobnicates a town.'), false],
    ['a second verb that is not known', tool('get_town', 'Gets a town and frobnicates its mayor.'), false],
    ['somebody else who is told', tool('show_town', 'Shows the town to all subscribers.'), false],
    ['a deed as a thing', tool('get_town', 'Gets a town with deletion of its archive.'), false],
    ['one of a list that is put up', tool('list_house', 'Lists a house on the portal.'), false],
    ['a particle that makes another deed', tool('check_tool', 'Checks a tool out.'), false],
    ['what a thing does', tool('get_box', 'Gets a parcel: the box opens.'), false],
    ['what is described', tool('list_towns', 'List towns that were removed from the register.'), true],
    ['what is denied', tool('check_town', 'Checks a town. Nothing is changed.'), true],
    ['what the caller may do', tool('get_town', 'Get a town. Use this before you delete it.'), true],
  ] as const)('%s', ([, one, is]) => expect(plain(one)).toBe(is));

  it.for([
    'suspend',
    'evict_after',
    'desired',
    'desired_mode',
    'apply',
    'force',
    'target_state',
    'set_owner',
  ])('a parameter %s forbids it, and is the reason', (name) => {
    const one = tool('get_pump', 'Get a pump.', { id: text, [name]: flag });
    expect(plain(one)).toBe(false);
    expect(classify(one).why).toContain(`parameter: ${name}`);
  });

  it.for(['page', 'sort_order', 'include_deleted', 'updated_after', 'post_id', 'filter', 'format'])(
    'a parameter %s does not',
    (name) => expect(plain(tool('list_pumps', 'List the pumps.', { [name]: text }))).toBe(true),
  );

  it('what the description of a parameter says is read as well', () => {
    const said = { type: 'boolean', description: 'If true, deletes the pump after reading.' };
    expect(plain(tool('get_pump', 'Get a pump.', { id: text, thorough: said }))).toBe(false);
  });

  it.for([
    'close_ledger',
    'format_card',
    'file_customs_return',
    'capture_voice',
    'take_picture',
    'squash_log',
  ])('%s is no read: a thing is no verb, and the verb is none of reading', (name) => {
    const words = name.replaceAll('_', ' ').replace(/^./, (first) => first.toUpperCase());
    expect(classify(tool(name, `${words}.`)).class).not.toBe('read');
    expect(classify({ name }).class).not.toBe('read');
  });

  it.for([
    ['auftrag_anzeigen', 'Zeigt einen Auftrag an.', true],
    ['auftrag_anzeigen', 'Zeigt einen Auftrag an und storniert ihn.', false],
    ['lister_clients', "Liste les clients d'une agence.", true],
    ['lister_clients', 'Liste les clients puis les supprime.', false],
    ['mostrar_cliente', 'Muestra un cliente.', true],
    ['mostrar_cliente', 'Muestra un cliente y lo anula.', false],
    ['获取订单', '获取订单。', true],
    ['获取订单', '获取订单并作废。', false],
    ['get_zamowienie', 'Pokazuje zamówienie.', false],
    ['get_order', 'Henter ordren og sletter den.', false],
  ] as const)('%s: %s', ([name, description, is]) => expect(plain(tool(name, description))).toBe(is));

  it('words to search for are no language of queries, where the tool searches', () => {
    const asks = { query: { type: 'string', description: 'What to look for' } };
    expect(plain(tool('search_towns', 'Search towns.', asks))).toBe(true);
    expect(plain(tool('search_towns', 'Search towns.', { query: { type: 'object' } }))).toBe(false);
    expect(plain(tool('search_towns', 'Search towns by a SQL query.', asks))).toBe(false);
    expect(plain(tool('get_towns', 'Get towns.', asks))).toBe(false);
  });
});

describe('the sets of tools', () => {
  it('hold no plainly harmful one that would run unasked', () => {
    expect(setOf('plainly-harmful').filter(plain)).toEqual([]);
  });

  it('hold few that are harmful in a roundabout way and would, and few reads that would be asked about', () => {
    const [sly, honest] = [setOf('indirectly-harmful'), setOf('honest-reads')];
    expect(sly.filter(plain).length / sly.length).toBeLessThan(0.08);
    expect(honest.filter((one) => !plain(one)).length / honest.length).toBeLessThan(0.08);
  });
});

describe('the tools of strangers', () => {
  const of = (label: string) => strangers().filter((one) => one.label === label);

  it('hold none that is harmful, plainly or in a roundabout way, and would run unasked', () => {
    const unasked = [...of('harmful'), ...of('harmful-indirect')].filter(({ tool: one }) => plain(one));
    expect(unasked.map(({ tool: one, kind }) => `${one.name}: ${kind}`)).toEqual([]);
  });

  it('hold reads of which a good part says what is known, and not what is done', () => {
    const reads = of('read').filter(({ tool: one }) => plain(one));
    expect(reads.map(({ tool: one }) => one.name)).toEqual(
      expect.arrayContaining(['flight_status', 'seat_availability', 'visa_requirements', 'top_stories']),
    );
  });
});

describe('a sentence that tells of something', () => {
  it.each([
    ['room_status', 'Status of a room.', true],
    ['doorDetails', 'Details of a door by its number.', true],
    ['seat_count', 'How many seats are free in a train?', true],
    ['visa_state', 'Has a visa been granted?', true],
    ['room_status', 'Status of a room, and its guests hear of it.', false],
    ['set_status', 'Status of a room.', false],
    ['payment', 'Payment of an invoice.', false],
    ['wipe_details', 'Details of what is wiped.', false],
  ])('%s: %s runs unasked: %s', (name, description, is) => expect(plain(tool(name, description))).toBe(is));
});

describe('what happens to others forbids it', () => {
  it.each([
    'Shows a chat. The author will see that it was opened.',
    'Lists the members. Members without a photo get a reminder.',
    'Reads a meter, its owner informed by letter.',
    'Lists orders, and those past their date lose their discount.',
    'Shows a lease. Opening it counts as consent to the terms.',
    'Lists sessions. This call ends them.',
    'Lists tenants, after those in arrears were evicted.',
    'Shows a bill; it is read and settled.',
    'Get a contract, puis le signe pour le client.',
  ])('%s', (description) => expect(plain(tool('show_it', description))).toBe(false));

  it.each([
    ['then', { enum: ['nothing', 'evict'] }],
    ['after', { description: 'SQL to run when the rows were read' }],
    ['group', { description: 'Group that gets the answer by mail' }],
    ['signal', { description: 'Signal delivered to the process' }],
    ['recipients', {}],
  ])('a parameter %s: %j', (name, schema) => {
    expect(plain(tool('list_rooms', 'Lists rooms.', { [name]: { type: 'string', ...schema } }))).toBe(false);
  });
});
