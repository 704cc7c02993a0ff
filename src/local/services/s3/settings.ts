// What a bucket is told about itself (CORS, notifications, lifecycle, policy and so on), each kept under its sub-resource's name.
import { type Key, type Range, type Reader, under, type Writer } from '../../store.ts'

export const settingAt = (bucket: string, name: string): Key => ['s3', 'setting', bucket, name]
export const settingsAt = (bucket: string): Pick<Range, 'start' | 'end'> => under('s3', 'setting', bucket)
export const everySettingAt = under('s3', 'setting')

/** Removes all of them, with the bucket. */
export function removeSettings(writer: Writer, bucket: string): void {
  for (const { key } of [...writer.range(settingsAt(bucket))]) writer.remove(key)
}

export function readSetting<Kept>(reader: Reader, bucket: string, name: string): Kept | undefined {
  return reader.get<Kept>(settingAt(bucket, name))
}
