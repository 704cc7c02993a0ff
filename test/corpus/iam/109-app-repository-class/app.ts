import { app, lambda, table } from 'goblet'
import { Repository } from './repository.ts'

interface Book { id: string; lent?: boolean }
interface Loan { id: string; book: string }

export default app('lib')

export const bookTable = table<Book, 'id'>('books', { key: 'id' })
export const loanTable = table<Loan, 'id'>('loans', { key: 'id' })

const books = new Repository<Book>(bookTable)
const loans = new Repository<Loan>(loanTable)

export const show = lambda(({ id }: { id: string }) => books.find(id))
export const lend = lambda(async ({ book }: { book: string }) => {
  await books.change(book, { lent: true })
  await loans.add({ id: `${book}-1`, book })
})
