import { withMetrics } from './metrics';
import * as operations from './operations';

const wrapped = Object.fromEntries(Object.entries(operations).map(([name, run]) => [name, withMetrics(name, run)]));

export const create = withMetrics('create', operations.create);
export const remove = withMetrics('remove', operations.remove);
export const names = Object.keys(wrapped);
