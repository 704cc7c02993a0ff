type Action = (event: { id: string }) => Promise<unknown>;
const actions = new Map<string, Action>();

export function action(name: string) {
  return (target: object, _key: string, descriptor: PropertyDescriptor): void => {
    actions.set(name, descriptor.value.bind(target));
  };
}

export async function dispatch(name: string, event: { id: string }): Promise<unknown> {
  const found = actions.get(name);
  if (!found) throw new Error(`No action ${name}`);
  return found(event);
}
