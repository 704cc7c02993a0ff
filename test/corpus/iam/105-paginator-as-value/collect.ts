export async function collect<Config, Input, Page, Item>(
  paginate: (config: Config, input: Input) => AsyncIterable<Page>,
  config: Config,
  input: Input,
  pick: (page: Page) => readonly Item[],
): Promise<Item[]> {
  const found: Item[] = [];
  for await (const page of paginate(config, input)) found.push(...pick(page));
  return found;
}
