type Constructor<T> = new (config: { maxAttempts: number }) => T;

const known = new Map<Constructor<any>, unknown>();

export function clientOf<T>(Client: Constructor<T>): T {
  let client = known.get(Client) as T | undefined;
  if (client === undefined) {
    client = new Client({ maxAttempts: 3 });
    known.set(Client, client);
  }
  return client;
}
