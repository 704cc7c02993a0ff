// Lambda's own API on the app's functions: invoking them, reading them, and saying what becomes of events nobody waits for.
import { ServiceError } from '../../../aws/protocol/service-error.ts'
import type { Service, WireRequest, WireResponse } from '../../service.ts'
import type { Operation } from './call.ts'
import {
  deleteEventInvoke,
  eventInvokeOf,
  getEventInvoke,
  listEventInvoke,
  putEventInvoke,
  updateEventInvoke,
} from './event-invoke.ts'
import {
  getAccountSettings,
  getAlias,
  getCodeSigning,
  getConcurrency,
  getConfiguration,
  getFunction,
  getPolicy,
  getRecursion,
  getRuntimeManagement,
  getUrl,
  listAliases,
  listFunctions,
  listTags,
  listUrls,
  listVersions,
} from './functions.ts'
import type { AsynchronousFacts, LambdaGround } from './ground.ts'
import { invoke, invokeStreamed } from './invoke.ts'
import { changeMapping, getMapping, listMappings } from './mappings.ts'
import { LambdaError, notImplemented, toRefusal } from './problems.ts'

export type {
  AsynchronousFacts,
  LambdaFunctionFacts,
  LambdaGround,
  LambdaMappingFacts,
  LambdaOutcome,
} from './ground.ts'

export interface Lambda extends Service {
  /** What holds for a function's events that nobody waits for; undefined: nobody has said anything. */
  asynchronous(physicalName: string): AsynchronousFacts | undefined
}

/** Opens the service. */
export function openLambda(ground: LambdaGround): Lambda {
  const since = ground.clock.now()
  return {
    handle: (request) => handle(request, ground, since),
    asynchronous: (name) => {
      const found = ground.functions().find(({ physicalName }) => physicalName === name)
      return found === undefined ? undefined : eventInvokeOf(ground.store, found)
    },
  }
}

const F = '2015-03-31/functions'
// By the SDK's names. `*` is a part of the path that the operation is told. The versions are the days on which AWS made the
// operations.
const OPERATIONS: readonly (readonly [string, string, Operation])[] = [
  [`POST ${F}/*/invocations`, 'Invoke', invoke],
  ['POST 2021-11-15/functions/*/response-streaming-invocations', 'InvokeWithResponseStream', invokeStreamed],
  [`GET ${F}`, 'ListFunctions', listFunctions],
  [`GET ${F}/*`, 'GetFunction', getFunction],
  [`GET ${F}/*/configuration`, 'GetFunctionConfiguration', getConfiguration],
  [`GET ${F}/*/versions`, 'ListVersionsByFunction', listVersions],
  [`GET ${F}/*/aliases`, 'ListAliases', listAliases],
  [`GET ${F}/*/aliases/*`, 'GetAlias', getAlias],
  [`GET ${F}/*/policy`, 'GetPolicy', getPolicy],
  ['GET 2019-09-30/functions/*/concurrency', 'GetFunctionConcurrency', getConcurrency],
  ['GET 2020-06-30/functions/*/code-signing-config', 'GetFunctionCodeSigningConfig', getCodeSigning],
  ['GET 2021-07-20/functions/*/runtime-management-config', 'GetRuntimeManagementConfig', getRuntimeManagement],
  ['GET 2024-08-31/functions/*/recursion-config', 'GetFunctionRecursionConfig', getRecursion],
  ['GET 2016-08-19/account-settings', 'GetAccountSettings', getAccountSettings],
  ['GET 2021-10-31/functions/*/url', 'GetFunctionUrlConfig', getUrl],
  ['GET 2021-10-31/functions/*/urls', 'ListFunctionUrlConfigs', listUrls],
  ['GET 2017-03-31/tags/*', 'ListTags', listTags],
  ['GET 2019-09-25/functions/*/event-invoke-config', 'GetFunctionEventInvokeConfig', getEventInvoke],
  ['PUT 2019-09-25/functions/*/event-invoke-config', 'PutFunctionEventInvokeConfig', putEventInvoke],
  ['POST 2019-09-25/functions/*/event-invoke-config', 'UpdateFunctionEventInvokeConfig', updateEventInvoke],
  ['DELETE 2019-09-25/functions/*/event-invoke-config', 'DeleteFunctionEventInvokeConfig', deleteEventInvoke],
  ['GET 2019-09-25/functions/*/event-invoke-config/*', 'ListFunctionEventInvokeConfigs', listEventInvoke],
  ['GET 2015-03-31/event-source-mappings', 'ListEventSourceMappings', listMappings],
  ['POST 2015-03-31/event-source-mappings', 'CreateEventSourceMapping', changeMapping],
  ['GET 2015-03-31/event-source-mappings/*', 'GetEventSourceMapping', getMapping],
  ['PUT 2015-03-31/event-source-mappings/*', 'UpdateEventSourceMapping', changeMapping],
  ['DELETE 2015-03-31/event-source-mappings/*', 'DeleteEventSourceMapping', changeMapping],
]
const TABLE = new Map(OPERATIONS.map(([pattern, name, run]) => [pattern, { name, run }]))

// What the path tells, by what stands before it.
const MEMBERS: Readonly<Record<string, string>> = {
  functions: 'FunctionName',
  aliases: 'Name',
  tags: 'Resource',
  'event-source-mappings': 'UUID',
}

async function handle(request: WireRequest, ground: LambdaGround, since: number): Promise<WireResponse> {
  try {
    const { operation, parts, named } = find(request)
    const query = new URLSearchParams(request.query)
    const input = { ...named, ...Object.fromEntries(query) }
    const denied = request.denied?.({ client: 'lambda', operation: operation.name, input })
    if (denied !== undefined) throw new LambdaError(403, 'AccessDeniedException', denied)
    return await operation.run({ request, ground, parts, since, query })
  } catch (problem) {
    if (!(problem instanceof ServiceError)) throw problem
    return toRefusal(problem, request.id)
  }
}

interface Found {
  readonly operation: { readonly name: string; readonly run: Operation }
  readonly parts: readonly string[]
  /** The members of the input that stand in the path. */
  readonly named: Readonly<Record<string, string>>
}

function find({ method, path }: WireRequest): Found {
  const parts = path
    .split('/')
    .filter((part) => part !== '')
    .map(decoded)
  // Every second part names something, from the third on.
  const isName = (index: number): boolean => index >= 2 && index % 2 === 0
  const pattern = parts.map((part, index) => (isName(index) ? '*' : part)).join('/')
  const operation = TABLE.get(`${method} ${pattern}`)
  if (operation === undefined)
    throw notImplemented(
      `${method} ${path} is not implemented by the local cloud. The app's functions are what its code says: save it to change them.`,
    )
  const named = parts.flatMap((part, index) => {
    const member = MEMBERS[parts[index - 1] ?? '']
    return isName(index) && member !== undefined ? [[member, part] as const] : []
  })
  return { operation, parts: parts.filter((_, index) => isName(index)), named: Object.fromEntries(named) }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    throw new LambdaError(400, 'InvalidParameterValueException', `The path ${part} is not percent-encoded.`)
  }
}
