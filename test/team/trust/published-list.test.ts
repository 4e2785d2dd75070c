import { describe, expect, it } from 'vitest';
import { follow, readList } from '../../../src/team/trust/published-list.ts';
import { enrolled, enrolment, person, removal } from '../../support/team-people.ts';

const ada = person('ada');
const bob = person('bob');
const eve = person('eve');
const own = enrolled(ada, bob);

describe('a list of approvers that another member publishes', () => {
  it('is taken when it goes on with ours, and only then', () => {
    const more = [...own, enrolment(own, eve, bob)];
    expect(follow(own, more, ada.key)).toEqual({ is: 'ahead', events: more });
    expect(follow([], more, ada.key)).toEqual({ is: 'ahead', events: more });
    expect(follow(own, own, ada.key)).toEqual({ is: 'same' });
    expect(follow(more, own, ada.key)).toEqual({ is: 'behind' });
    expect(follow(own, [], ada.key)).toEqual({ is: 'behind' });
  });

  it('is refused when it parts from ours, begins with another key, or was changed', () => {
    const [first] = own;
    const base = first === undefined ? [] : [first];
    const fork = [...base, enrolment(base, eve, ada)];
    expect(follow(own, fork, ada.key)).toMatchObject({
      is: 'refused',
      fault: expect.stringContaining('part ways'),
    });
    const longer = [...fork, removal(fork, eve, ada)];
    expect(follow(own, longer, ada.key)).toMatchObject({ is: 'refused' });
    expect(follow([], enrolled(eve, ada), ada.key)).toMatchObject({
      fault: expect.stringContaining('another key than the invitation names'),
    });
    const changed = own.map((event, n) => (n === 1 ? { ...event, name: 'eve' } : event));
    expect(follow([], changed, ada.key)).toMatchObject({
      is: 'refused',
      fault: expect.stringContaining('false'),
    });
    const stranger = [...own, enrolment(own, eve, eve)];
    expect(follow(own, stranger, ada.key)).toMatchObject({ fault: expect.stringContaining('not enrolled') });
  });

  it('is read strictly', () => {
    expect(readList(JSON.stringify({ v: 1, events: own }))?.events).toHaveLength(2);
    for (const other of ['', '[]', '{"v":2,"events":[]}', '{"v":1}', 'null'])
      expect(readList(other)).toBeUndefined();
  });
});
