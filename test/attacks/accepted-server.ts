import { DefinedServer, READ } from '../support/defined-server.ts';
import { newFolder } from '../support/home.ts';
import type { Arena } from './arena.ts';

/** A server whose one read was accepted, and which then says something else of it. */
export async function acceptedServer(arena: Arena, words: string[] = []): Promise<DefinedServer> {
  const server = await DefinedServer.start([READ], { home: arena.home, folder: newFolder(), words });
  await server.list();
  server.proxy.call(1, 'get_note');
  // A new server's tools are accepted by whoever has the key.
  if (arena.tier === 1 && words.length === 0) await arena.approves();
  await server.proxy.answer(1);
  return server;
}
