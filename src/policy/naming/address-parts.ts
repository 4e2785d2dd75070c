/** What of an address says which server is there. */
export interface AddressParts {
  /** The name that somebody registered, without its ending; or the whole host, where that says whose it is. */
  owner: string;
  /** The same with its ending; undefined where `owner` is the whole host, which is nobody else's. */
  domain: string | undefined;
  /** What tells it from the other servers of that owner: names before the domain, port, words of the path. */
  more: string[];
  /** Whether something of the address says more than these can. */
  lost: boolean;
  /** Whether anything may answer there next: a name or a number of one machine or network. */
  local: boolean;
}

const words = (text: string): Set<string> => new Set(text.split(' '));

/** What stands before a domain or in a path of any server. */
const GENERIC = words(
  'mcp mcps sse api apis www app apps server servers remote http https stream streamable streamable-http streamablehttp message messages rpc json-rpc jsonrpc gateway public prod production stable latest beta mcp-server mcp-api mcp-remote index v mcp-sse ai global',
);
const VERSION = /^v?\d+(?:[.-]\d+)*(?:beta|alpha)?\d*$/;
/** Second names of countries, below which people register theirs: `example.co.uk`. */
const SECOND = words('co com org net gov ac edu or ne go gob gouv nom ltd plc me id web sch');
/** Below these anybody gets a name of their own choice, or a tunnel. */
const SHARED = words(
  'run.app workers.dev pages.dev vercel.app netlify.app herokuapp.com onrender.com fly.dev railway.app azurewebsites.net azurecontainerapps.io azure-api.net azurestaticapps.net cloudapp.net amazonaws.com on.aws awsapprunner.com cloudfront.net elasticbeanstalk.com cloudfunctions.net appspot.com web.app firebaseapp.com deno.dev deno.net ngrok.io ngrok.app ngrok.dev ngrok-free.app ngrok-free.dev trycloudflare.com loca.lt github.io gitlab.io github.dev githubpreview.dev gradio.live hf.space repl.co replit.app replit.dev supabase.co modal.run streamlit.app ts.net glitch.me surge.sh koyeb.app convex.site val.run webcontainer.io gitpod.io devtunnels.ms fastmcp.app mcp.run run.tools lovable.app serveo.net localhost.run bore.pub pipedream.net digitaloceanspaces.com ondigitalocean.app northflank.app code.run zeabur.app leapcell.dev sevalla.app kinsta.app render.com alpic.live gitbook.io readme.io mintlify.app',
);
/** Names that only a machine or its network knows. */
const NEARBY = /(?:^|\.)(?:localhost|local|lan|internal|intranet|home|corp|test|invalid|example|arpa)$/;
const NUMBERS = /^(?:\d+(?:\.\d+){3}|\[.*\])$/;
const MOST_WORDS = 3;
const LONGEST = 32;

/** Takes an address apart; of its user information and its query nothing is kept. */
export function addressParts(url: URL): AddressParts {
  const host = url.hostname.toLowerCase().replace(/\.$/, '');
  const port = url.port === '' ? [] : [url.port];
  const path = pathWords(url.pathname);
  const found = ownerOf(host);
  const more = [...found.before, ...port, ...path.words];
  return { owner: found.owner, domain: found.domain, more, lost: path.lost, local: found.local };
}

function ownerOf(host: string): Pick<AddressParts, 'owner' | 'domain' | 'local'> & { before: string[] } {
  const labels = host.split('.');
  const local = NUMBERS.test(host) || labels.length === 1 || NEARBY.test(host);
  const whole = { owner: host.replace(/^\[|\]$/g, ''), domain: undefined, local, before: [] };
  if (local || labels.some((_, at) => SHARED.has(labels.slice(at).join('.')))) return whole;
  const [second = '', top = ''] = labels.slice(-2);
  const ending = top.length === 2 && SECOND.has(second) && labels.length > 2 ? 2 : 1;
  const owner = labels[labels.length - ending - 1] ?? '';
  // `mcp.dev`: a name that says nothing needs what stands around it.
  if (isGeneric(owner)) return whole;
  const domain = labels.slice(-ending - 1).join('.');
  const before = labels.slice(0, -ending - 1).filter((label) => !isGeneric(label));
  return { owner, domain, local, before: before.reverse() };
}

function isGeneric(word: string): boolean {
  return GENERIC.has(word) || VERSION.test(word);
}

/** The telling words of a path. One that looks like a key is none, and too many are cut: then something is lost. */
function pathWords(path: string): { words: string[]; lost: boolean } {
  const all = path
    .split('/')
    .map((part) => decoded(part).toLowerCase().replace(/^@/, ''))
    .filter((part) => part !== '' && !isGeneric(part));
  const told = all.filter((part) => part.length <= LONGEST && !isKey(part));
  return { words: told.slice(0, MOST_WORDS), lost: told.length < all.length || told.length > MOST_WORDS };
}

/** Random letters and digits, as addresses with a key in their path have them. */
function isKey(part: string): boolean {
  const digits = part.replace(/\D/g, '').length;
  return (
    part.length >= 12 && digits >= 2 && /[a-z]/.test(part) && !/^[a-z]+(?:-[a-z0-9]+)*-v?\d+$/.test(part)
  );
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
