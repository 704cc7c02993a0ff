import { app, lambda, queue } from 'goblet'

export default app('hidden')

export const jobs = queue<{ n: number }>('jobs')
const call = new Function('handle', 'return handle.send({ n: 1 })') as (handle: unknown) => Promise<unknown>

export const plain = lambda(() => jobs.send({ n: 0 }))
export const sneaky = lambda(() => call(jobs))
