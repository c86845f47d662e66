/** Next and delta links: the request's own address with another token. */

const tokens = ['$skiptoken', '$deltatoken'] as const;

/** The address with the token put in place of any earlier one; options stay as they are. */
export function linkWithToken(url: URL, token: (typeof tokens)[number], value: string): string {
  const options = [...url.searchParams].filter(([name]) => !(tokens as readonly string[]).includes(name));
  const query = [...options, [token, value] as const]
    .map(([name, text]) => `${name}=${encodeURIComponent(text)}`)
    .join('&');
  return `${url.origin}${url.pathname}?${query}`;
}
