import { THE_LOG } from './the-log.ts';
import { tried } from './tried.ts';

tried(THE_LOG);
