import { HIDING } from './hiding.ts';
import { tried } from './tried.ts';

tried(HIDING);
