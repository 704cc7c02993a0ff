// HTTP API (payload 2.0) events as API Gateway sends them, and the scenarios made of them.

const HOST = 'abc123.execute-api.eu-west-1.amazonaws.com'
const HEADERS = {
  accept: '*/*',
  'content-type': 'application/json',
  host: HOST,
  'user-agent': 'curl/8.5.0',
  'x-amzn-trace-id': 'Root=1-5e6722a7-cc56xmpl46db7ae02d4da47e',
  'x-forwarded-for': '203.0.113.7',
  'x-forwarded-port': '443',
  'x-forwarded-proto': 'https',
}

export function toEvent({ method, path, route, params, body, caller }) {
  const routeKey = route ?? '$default'
  return {
    version: '2.0',
    routeKey,
    rawPath: path,
    rawQueryString: '',
    headers: body === undefined ? HEADERS : { ...HEADERS, 'content-length': String(Buffer.byteLength(body)) },
    requestContext: {
      accountId: '123456789012',
      apiId: 'abc123',
      ...(caller === undefined ? {} : { authorizer: caller }),
      domainName: HOST,
      domainPrefix: 'abc123',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '203.0.113.7', userAgent: 'curl/8.5.0' },
      requestId: 'JKJaXmPLvHcESHA=',
      routeKey,
      stage: '$default',
      time: '10/Mar/2026:05:16:23 +0000',
      timeEpoch: 1773119783000,
    },
    ...(params === undefined ? {} : { pathParameters: params }),
    ...(body === undefined ? {} : { body }),
    isBase64Encoded: false,
  }
}

export const CONTEXT = {
  awsRequestId: 'c6af9ac6-7b61-11e6-9a41-93e8deadbeef',
  functionName: 'bench',
  functionVersion: '$LATEST',
  memoryLimitInMB: '128',
  invokedFunctionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:bench',
  logGroupName: '/aws/lambda/bench',
  logStreamName: '2026/03/10/[$LATEST]c6af9ac67b61',
  callbackWaitsForEmptyEventLoop: true,
  getRemainingTimeInMillis: () => 3000,
}

const BODY = JSON.stringify({ name: 'widget', price: 12.5, tags: ['a', 'b', 'c'], nested: { ok: true, n: 7 } })

const many = (count) => ({
  extra: count,
  requests: Array.from({ length: count }, (_, index) => ({
    method: 'GET',
    path: `/r${index}/things/42/sub`,
    route: `GET /r${index}/things/{id}/sub`,
    params: { id: '42' },
  })),
  answer: (index) => ({ id: '42', i: index }),
})

/** By name: how many routes the app has beside /hello and /items/{id}, the requests in turn, and the answer to each. */
export const SCENARIOS = {
  static: {
    extra: 0,
    requests: [{ method: 'GET', path: '/hello', route: 'GET /hello' }],
    answer: () => ({ hello: 'world' }),
  },
  json: {
    extra: 0,
    requests: [{ method: 'POST', path: '/items/42', route: 'POST /items/{id}', params: { id: '42' }, body: BODY }],
    answer: () => ({ id: '42', ...JSON.parse(BODY) }),
  },
  'routes 30': many(30),
  'routes 300': many(300),
}

/**
 * The events of a scenario. With `catchAll`, as they come through a `$default` route: nothing is matched yet. With a
 * `caller`, as they come from behind an authorizer.
 */
export function toEvents({ requests }, catchAll, caller) {
  return requests.map((request) =>
    toEvent(
      catchAll ? { method: request.method, path: request.path, body: request.body, caller } : { ...request, caller },
    ),
  )
}
