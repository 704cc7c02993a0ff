import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchGetCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

const documents = DynamoDBDocumentClient.from(new DynamoDBClient({}));

type Loader<T> = { load(id: string): Promise<T | undefined>; flush(): Promise<void> };

function createLoader<T>(table: string): Loader<T> {
  let waiting: { id: string; resolve: (item: T | undefined) => void }[] = [];
  const load = (id: string) => new Promise<T | undefined>((resolve) => waiting.push({ id, resolve }));
  const flush = async () => {
    const batch = waiting;
    waiting = [];
    const { Responses } = await documents.send(
      new BatchGetCommand({ RequestItems: { [table]: { Keys: batch.map(({ id }) => ({ id })) } } }),
    );
    for (const { id, resolve } of batch) resolve(Responses?.[table]?.find((item) => item.id === id) as T | undefined);
  };
  return { load, flush };
}

const loaders = { authors: createLoader('authors'), articles: createLoader('articles') };

export const handler = async (event: { author: string; article: string }) => {
  const wanted = Promise.all([loaders.authors.load(event.author), loaders.articles.load(event.article)]);
  await Promise.all(Object.values(loaders).map((loader) => loader.flush()));
  return wanted;
};
