import { reports, rows } from './app.ts'

export async function write(most: number) {
  const found = await rows.scan({ limit: most }).all()
  await reports.put('report.txt', found.map(({ id }) => id).join('\n'))
}
