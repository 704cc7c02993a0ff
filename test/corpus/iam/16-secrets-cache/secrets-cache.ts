import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

interface Entry { value: Promise<string>; expires: number }

export class SecretsCache {
  static #instance?: SecretsCache;
  readonly #client = new SecretsManagerClient({});
  readonly #entries = new Map<string, Entry>();

  static shared(): SecretsCache {
    SecretsCache.#instance ??= new SecretsCache();
    return SecretsCache.#instance;
  }

  get(id: string): Promise<string> {
    const found = this.#entries.get(id);
    if (found && found.expires > Date.now()) return found.value;
    const value = this.#load(id);
    this.#entries.set(id, { value, expires: Date.now() + 300_000 });
    return value;
  }

  async #load(id: string): Promise<string> {
    const { SecretString } = await this.#client.send(new GetSecretValueCommand({ SecretId: id }));
    if (SecretString === undefined) throw new Error(`Secret ${id} is binary`);
    return SecretString;
  }
}
