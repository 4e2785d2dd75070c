// Answers every call over HTTP with the text that it was given: http-echo-server.mjs json|sse. Says its port on stdout.
import { createServer } from 'node:http';

const sse = process.argv[2] === 'sse';

function resultOf({ method, params }) {
  if (method === 'initialize')
    return {
      protocolVersion: params.protocolVersion,
      capabilities: { tools: {} },
      serverInfo: { name: 'echo', version: '1' },
    };
  if (method === 'tools/list') return { tools: [] };
  return { content: [{ type: 'text', text: params.arguments?.content ?? '' }] };
}

const server = createServer((request, response) => {
  const parts = [];
  request.on('data', (part) => parts.push(part));
  request.on('end', () => {
    if (request.method === 'GET') return response.writeHead(405).end();
    if (request.method === 'DELETE') return response.writeHead(200).end();
    const message = JSON.parse(Buffer.concat(parts));
    if (message.id === undefined) return response.writeHead(202).end();
    const line = JSON.stringify({ result: resultOf(message), jsonrpc: '2.0', id: message.id });
    const type = sse ? 'text/event-stream' : 'application/json';
    response.writeHead(200, { 'content-type': type, 'mcp-session-id': 'bench' });
    response.end(sse ? `event: message\ndata: ${line}\n\n` : line);
  });
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`));
