export type CommandHandler = (input: { id: string }) => Promise<unknown>;

export class CommandBus {
  private readonly handlers = new Map<string, CommandHandler>();

  register(name: string, handler: CommandHandler): this {
    this.handlers.set(name, handler);
    return this;
  }

  async dispatch(name: string, input: { id: string }): Promise<unknown> {
    const handler = this.handlers.get(name);
    if (!handler) throw new Error(`No handler for ${name}`);
    return handler(input);
  }
}
