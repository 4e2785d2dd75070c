import { LOOSENING } from './loosening.ts';
import { tried } from './tried.ts';

tried(LOOSENING);
