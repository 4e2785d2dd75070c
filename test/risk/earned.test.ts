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
