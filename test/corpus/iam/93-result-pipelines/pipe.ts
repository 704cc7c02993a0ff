export type Result<T> = { ok: true; value: T } | { ok: false; error: string };
export type Step = (value: any) => Promise<Result<any>>;

export const pipe =
  (...steps: Step[]): Step =>
  async (input) => {
    let result: Result<any> = { ok: true, value: input };
    for (const step of steps) {
      if (!result.ok) return result;
      result = await step(result.value);
    }
    return result;
  };
