export class PutObjectCommand {
  constructor(readonly input: { Bucket: string; Key: string }) {}
}
export class S3Client {
  sent: PutObjectCommand[] = [];
  send(command: PutObjectCommand) {
    this.sent.push(command);
  }
}
