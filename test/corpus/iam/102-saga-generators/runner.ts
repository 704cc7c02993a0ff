export interface Effect { fn: (...args: any[]) => Promise<unknown>; args: unknown[] }

export const call = (fn: (...args: any[]) => Promise<unknown>, ...args: unknown[]): Effect => ({ fn, args });

export async function run(saga: Generator<Effect, unknown, unknown>): Promise<unknown> {
  let step = saga.next();
  while (!step.done) {
    const { fn, args } = step.value;
    step = saga.next(await fn(...args));
  }
  return step.value;
}
