export const fake = () => new Map<string, string>();
