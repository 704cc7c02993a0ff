import type { APIGatewayProxyEventV2, APIGatewayProxyResultV2 } from 'aws-lambda';
import * as todos from './todos';

type Handler = (event: APIGatewayProxyEventV2, params: string[]) => Promise<unknown>;

const routes: readonly [method: string, pattern: RegExp, handler: Handler][] = [
  ['GET', /^\/todos$/, (event) => todos.list(userOf(event))],
  ['POST', /^\/todos$/, async (event) => todos.create(userOf(event), JSON.parse(event.body ?? '{}'))],
  ['PUT', /^\/todos\/([^/]+)$/, (event, [id = '']) => todos.finish(userOf(event), id)],
];

const userOf = (event: APIGatewayProxyEventV2): string => event.headers['x-user'] ?? 'nobody';

export async function handler(event: APIGatewayProxyEventV2): Promise<APIGatewayProxyResultV2> {
  const { method, path } = event.requestContext.http;
  const route = routes.find(([verb, pattern]) => verb === method && pattern.test(path));
  if (!route) return { statusCode: 404 };
  const [, pattern, run] = route;
  const params = (pattern.exec(path) ?? []).slice(1);
  return { statusCode: 200, body: JSON.stringify(await run(event, params)) };
}
