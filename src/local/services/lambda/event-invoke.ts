// What a function's owner says of the events that nobody waits for: retries, age, destinations.
import { isObject, type JsonObject } from '../../../aws/protocol/json.ts'
import type { WireResponse } from '../../service.ts'
import type { Reader } from '../../store.ts'
import { type Call, findFunction, readInput, readName, toAnswer } from './call.ts'
import type { AsynchronousFacts, LambdaFunctionFacts } from './ground.ts'
import { arnOf, constraint, invalid, notFound } from './problems.ts'

/** What is kept of it: what somebody put, or that somebody deleted what the app says. */
type Kept = (AsynchronousFacts & { readonly modified: number }) | { readonly deleted: true }

const keyOf = (name: string): string[] => ['lambda', 'event-invoke', name]

/** What holds for a function now; undefined: nobody has said anything. */
export function eventInvokeOf(
  store: Reader,
  { physicalName, asynchronous }: Pick<LambdaFunctionFacts, 'physicalName' | 'asynchronous'>,
): (AsynchronousFacts & { readonly modified?: number }) | undefined {
  const kept = store.get<Kept>(keyOf(physicalName))
  if (kept === undefined) return asynchronous
  return 'deleted' in kept ? undefined : kept
}

export const putEventInvoke = (call: Call): Promise<WireResponse> => change(call, false)
export const updateEventInvoke = (call: Call): Promise<WireResponse> => change(call, true)

async function change(call: Call, isUpdate: boolean): Promise<WireResponse> {
  const input = await readInput(call)
  const given = readSettings(input)
  const found = findTold(call)
  if (Object.values(given).every((value) => value === undefined) && input.DestinationConfig === undefined)
    throw invalid('You must specify at least one of error handling or destination setting.')
  if (given.success === found.arn || given.failure === found.arn)
    throw invalid("You can't specify the function as a destination for itself.")
  const { store, clock } = call.ground
  const kept = await store.commit((writer) => {
    const before = eventInvokeOf(writer, found)
    if (isUpdate && before === undefined) throw nothingSaid(found.physicalName)
    const said = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
    const made = { ...NOTHING, ...(isUpdate ? before : {}), ...said, modified: clock.now() }
    writer.put(keyOf(found.physicalName), made)
    return made
  })
  return toAnswer(200, toConfig(found, kept, call))
}

const NOTHING: AsynchronousFacts = {
  retries: undefined,
  maximumAge: undefined,
  success: undefined,
  failure: undefined,
}

export function getEventInvoke(call: Call): WireResponse {
  const found = findTold(call)
  const said = eventInvokeOf(call.ground.store, found)
  if (said === undefined) throw nothingSaid(found.physicalName)
  return toAnswer(200, toConfig(found, said, call))
}

export function listEventInvoke(call: Call): WireResponse {
  const found = findFunction(call)
  const said = eventInvokeOf(call.ground.store, found)
  return toAnswer(200, { FunctionEventInvokeConfigs: said === undefined ? [] : [toConfig(found, said, call)] })
}

export async function deleteEventInvoke(call: Call): Promise<WireResponse> {
  const found = findTold(call)
  await call.ground.store.commit((writer) => {
    if (eventInvokeOf(writer, found) === undefined) throw nothingSaid(found.physicalName)
    if (found.asynchronous === undefined) writer.remove(keyOf(found.physicalName))
    else writer.put(keyOf(found.physicalName), { deleted: true } satisfies Kept)
  })
  return toAnswer(204)
}

// Recorded: who names no function of the account is told of the configuration, not of the function.
function findTold(call: Call): LambdaFunctionFacts {
  const { name, qualifier } = readName(call)
  const found = call.ground.functions().find(({ physicalName }) => physicalName === name)
  const isRead = call.request.method === 'GET' || call.request.method === 'DELETE'
  if (found !== undefined && (qualifier === undefined || qualifier === '$LATEST')) return found
  throw isRead ? nothingSaid(name, qualifier) : notFound("The function doesn't exist.")
}

const nothingSaid = (name: string, qualifier = '$LATEST'): Error =>
  notFound(`The function ${arnOf(name)}:${qualifier} doesn't have an EventInvokeConfig`)

function readSettings(input: JsonObject): AsynchronousFacts {
  const destinations = isObject(input.DestinationConfig) ? input.DestinationConfig : {}
  return {
    retries: readNumber(input, 'MaximumRetryAttempts', 0, 2),
    maximumAge: readNumber(input, 'MaximumEventAgeInSeconds', 60, 21_600),
    // Source: "Adding a destination": a bucket is told of failures only.
    success: readDestination(destinations.OnSuccess, ['sqs', 'sns', 'lambda', 'events']),
    failure: readDestination(destinations.OnFailure),
  }
}

function readNumber(input: JsonObject, name: string, least: number, most: number): number | undefined {
  const value = input[name]
  if (value === undefined || value === null) return undefined
  const member = name[0]?.toLowerCase() + name.slice(1)
  if (typeof value !== 'number' || value < least)
    throw constraint(value, member, `Member must have value greater than or equal to ${least}`)
  if (value > most) throw constraint(value, member, `Member must have value less than or equal to ${most}`)
  return value
}

const DESTINATION = /^arn:aws[a-zA-Z0-9-]*:(sqs|sns|lambda|events|s3):[a-z0-9-]*:\d{0,12}:.+$/

function readDestination(given: unknown, among = ['sqs', 'sns', 'lambda', 'events', 's3']): string | undefined {
  const arn = isObject(given) ? given.Destination : undefined
  if (arn === undefined || arn === '') return undefined
  if (typeof arn !== 'string' || !DESTINATION.test(arn) || !among.includes(arn.split(':')[2] ?? ''))
    throw invalid(`The provided destination config DestinationConfig(${String(arn)}) is invalid.`)
  return arn
}

function toConfig(
  { arn }: LambdaFunctionFacts,
  said: AsynchronousFacts & { readonly modified?: number },
  { since }: Call,
): object {
  const { retries, maximumAge, success, failure, modified = since } = said
  return {
    LastModified: modified / 1000,
    FunctionArn: `${arn}:$LATEST`,
    ...(retries === undefined ? {} : { MaximumRetryAttempts: retries }),
    ...(maximumAge === undefined ? {} : { MaximumEventAgeInSeconds: maximumAge }),
    DestinationConfig: {
      OnSuccess: success === undefined ? {} : { Destination: success },
      OnFailure: failure === undefined ? {} : { Destination: failure },
    },
  }
}
