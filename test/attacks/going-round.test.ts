import { GOING_ROUND } from './going-round.ts';
import { tried } from './tried.ts';

tried(GOING_ROUND);
