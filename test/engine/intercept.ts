/** Replaces single operations of a port, to inject faults without touching the adapter. */

type Replacements<Port> = { readonly [Name in keyof Port]?: (original: Port[Name]) => Port[Name] };

/** The same port with some operations replaced; `metered` views keep the replacements. */
export function intercept<Port extends object>(port: Port, replacements: Replacements<Port>): Port {
  return new Proxy(port, {
    get(target, name, receiver) {
      const original: unknown = Reflect.get(target, name, receiver);
      if (typeof original !== 'function') return original;
      if (name === 'metered') {
        return (meter: unknown) => intercept(Reflect.apply(original, target, [meter]) as Port, replacements);
      }
      const bound = typeof original === 'function' ? original.bind(target) : original;
      const replace = replacements[name as keyof Port];
      return replace ? replace(bound) : bound;
    },
  });
}

/** Lets the first `times` calls be handled by `instead`, later ones by the original. */
export function once<Call extends (...input: never[]) => Promise<unknown>>(
  original: Call,
  instead: (original: Call, ...input: Parameters<Call>) => ReturnType<Call>,
  state: { left: number },
): Call {
  return ((...input: Parameters<Call>) => {
    if (state.left === 0) return original(...input);
    state.left -= 1;
    return instead(original, ...input);
  }) as Call;
}
