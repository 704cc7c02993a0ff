import { buildDependencies } from './deps.js';
import { makeSignUp } from './sign-up.js';

export const handler = makeSignUp(buildDependencies(process.env));
