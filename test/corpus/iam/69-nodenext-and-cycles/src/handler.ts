import { walk } from './walk.js';

export const handler = ({ root }: { root: string }) => walk(root, 0);
