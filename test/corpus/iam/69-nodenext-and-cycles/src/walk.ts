import { childrenOf } from '#db';
import { visit } from './visit.js';

export const MAX = 5;

export async function walk(id: string, depth: number): Promise<number> {
  if (depth > MAX) return 0;
  const children = await childrenOf(id);
  const below = await Promise.all(children.map((child) => visit(child, depth + 1)));
  return below.reduce((sum, count) => sum + count, children.length);
}
