/** Next and delta links: the request's own address with another token. */

const tokens = ['$skiptoken', '$deltatoken'] as const;

/** The address with the token put in place of any earlier one; options stay as they are. */
export function linkWithToken(url: URL, token: (typeof tokens)[number], value: string): string {
  const options = [...url.searchParams].filter(([name]) => !(tokens as readonly string[]).includes(name));
  const query = [...options, [token, value] as const]
    .map(([name, text]) => `${name}=${encoded(text)}`)
    .join('&');
  return `${url.origin}${url.pathname}?${query}`;
}

/** Also encodes what a delta token holds and encodeURIComponent leaves alone. */
function encoded(text: string): string {
  return encodeURIComponent(text).replaceAll(/[!'()*]/g, (character) => {
    return `%${character.charCodeAt(0).toString(16)}`;
  });
}
