// The client behind `lambda().invoke` and `.start`: Lambda's Invoke operation.
import { type Answer, AwsError, call } from './call.ts'
import { InvocationError } from './invocation-error.ts'
import { endpoint } from './place.ts'

/** Calls a function and returns what it returns. */
export async function invoke<Result>(name: string, payload: unknown): Promise<Result> {
  const answer = await post(name, payload, 'RequestResponse')
  const output: unknown = answer.text === '' ? undefined : JSON.parse(answer.text)
  if (answer.headers['x-amz-function-error'] === undefined) return output as Result
  const { errorType, errorMessage } = (output ?? {}) as { errorType?: string; errorMessage?: string }
  throw new InvocationError(errorType ?? 'Error', errorMessage ?? 'the function failed')
}

/** Hands a payload to a function without waiting for it. */
export async function start(name: string, payload: unknown): Promise<void> {
  await post(name, payload, 'Event')
}

async function post(name: string, payload: unknown, type: 'RequestResponse' | 'Event'): Promise<Answer> {
  // On AWS the alias says what is live; the local cloud runs one version, and has none.
  const qualifier = process.env.GOBLET_QUALIFIER
  const called = qualifier === undefined ? name : `${name}:${qualifier}`
  const answer = await call({
    service: 'lambda',
    method: 'POST',
    base: endpoint('lambda'),
    path: `/2015-03-31/functions/${encodeURIComponent(called)}/invocations`,
    headers: { 'content-type': 'application/json', 'x-amz-invocation-type': type },
    body: JSON.stringify(payload) ?? 'null',
  })
  if (answer.status < 300) return answer
  const code = answer.headers['x-amzn-errortype']?.split(':')[0] ?? 'UnknownError'
  throw new AwsError(code, answer.text, answer.status)
}
