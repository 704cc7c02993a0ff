export type Result<T> = { ok: true; value: T } | { ok: false; error: unknown };

interface Options { threshold: number; onOpen?: () => unknown }

export class Breaker {
  #failures = 0;
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  async run<T>(work: () => Promise<T>): Promise<Result<T>> {
    if (this.#failures >= this.#options.threshold) return { ok: false, error: new Error('open') };
    try {
      const value = await work();
      this.#failures = 0;
      return { ok: true, value };
    } catch (error) {
      this.#failures += 1;
      if (this.#failures === this.#options.threshold) await this.#options.onOpen?.();
      return { ok: false, error };
    }
  }
}
