// A mail for tests: a real outbox, and a courier that writes down what it is given.
import type { Clock } from '../../src/local/clock.ts'
import { openOutbox } from '../../src/local/outbox.ts'
import type { Delivery, Mail, Receipt } from '../../src/local/service.ts'
import type { Store } from '../../src/local/store.ts'

export interface TestMail {
  readonly mail: Mail
  /** What was delivered or refused, in order. */
  readonly taken: Delivery[]
  /** Says what becomes of what is delivered from now on. Until then everything is taken. */
  answer(decide: (delivery: Delivery) => Receipt | Promise<Receipt>): void
}

export function openMail({ store, clock }: { store: Store; clock: Clock }): TestMail {
  const taken: Delivery[] = []
  let decide: (delivery: Delivery) => Receipt | Promise<Receipt> = () => 'taken'
  const deliver = async (delivery: Delivery): Promise<Receipt> => {
    taken.push(delivery)
    return await decide(delivery)
  }
  return {
    mail: { outbox: openOutbox({ store, clock }), deliver },
    taken,
    answer: (given) => {
      decide = given
    },
  }
}
