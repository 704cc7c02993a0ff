// SendMessage.
import { ACCOUNT } from '../../../service.ts'
import type { Action } from '../action.ts'
import { readDraft } from '../message.ts'
import { knownQueue, nameOf } from '../queue.ts'
import { change } from '../room.ts'
import { checkForQueue, put, type Sent } from '../send.ts'

export const sendMessage: Action = async ({ room, input }) => {
  const sent = await change(room, (one) => {
    const queue = knownQueue(room, nameOf(input), one.writer)
    const draft = readDraft(input)
    checkForQueue(draft, queue)
    return put(one, queue, draft, ACCOUNT)
  })
  return sentOutput(sent)
}

/** The members SendMessage and each entry of SendMessageBatch answer with. */
export const sentOutput = (sent: Sent): Record<string, string> => ({
  MessageId: sent.id,
  MD5OfMessageBody: sent.md5,
  ...(sent.md5OfAttributes === undefined ? {} : { MD5OfMessageAttributes: sent.md5OfAttributes }),
  ...(sent.md5OfSystem === undefined ? {} : { MD5OfMessageSystemAttributes: sent.md5OfSystem }),
  ...(sent.number === undefined ? {} : { SequenceNumber: sent.number }),
})
