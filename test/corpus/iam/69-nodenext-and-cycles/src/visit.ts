import { MAX, walk } from './walk.js';

export const visit = (id: string, depth: number): Promise<number> => (depth > MAX ? Promise.resolve(0) : walk(id, depth));
