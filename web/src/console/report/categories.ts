/* Categories in the order the desk offers them. */
import type { Category } from '../types';

export const CATEGORIES: readonly Category[] = ['MED1', 'MED2', 'FOOD', 'CARE', 'REPR', 'DELV', 'WAST', 'DISP', 'PASS', 'INFO', 'TEST', 'PSYC', 'SHOP', 'IDEA'];
