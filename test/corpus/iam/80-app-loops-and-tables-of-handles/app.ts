import { app, lambda, queue } from 'goblet'

export default app('multi')

export const red = queue<{ n: number }>('red')
export const green = queue<{ n: number }>('green')
export const unused = queue<{ n: number }>('unused')

const byColour = { red, green }

export const spread = lambda(async ({ n }: { n: number }) => {
  await Promise.all([red, green].map((queue) => queue.send({ n })))
})

export const pick = lambda(async ({ colour }: { colour: 'red' | 'green' }) => {
  await byColour[colour].sendBatch([{ n: 1 }, { n: 2 }])
})
