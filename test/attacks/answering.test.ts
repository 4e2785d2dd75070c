import { ANSWERING } from './answering.ts';
import { tried } from './tried.ts';

tried(ANSWERING);
