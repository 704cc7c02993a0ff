export interface Store {
  read(key: string): Promise<string | undefined>;
}
