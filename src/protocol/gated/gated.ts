import type { Answerable, Refusal } from '../answers.ts';
import type { JsonNode } from '../json/json-scan.ts';
import type { JsonSource } from '../json/json-source.ts';
import type { RequestId } from '../request-id.ts';
import type { CallMessage } from './tools-call.ts';

/** A method whose requests are decided before its server gets them: what of it is judged, and how it is refused. */
export interface GatedMethod {
  name: string;
  /** Whether servers might take another method for this one. */
  isTwin(method: string): boolean;
  /** The request, read strictly: its subject, its arguments. Throws a LineRefusal. */
  read(source: JsonSource, id: RequestId, params: JsonNode | undefined): CallMessage;
  /** The line that answers a request which was not carried out. */
  refusal(request: Answerable, refusal: Refusal): string;
}
