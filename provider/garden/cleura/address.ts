/** Addresses of Cleura's REST API. */

/** Those of private clouds have to be given. */
export const addresses: Readonly<Record<string, string>> = {
  public: "https://rest.cleura.cloud",
  compliant: "https://rest.compliant.cleura.cloud",
};

/** Without a slash at its end; undefined where no secret may be sent to it. */
export function addressOf(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== "https:" || url.username !== "" || url.password !== "") return undefined;
  return (url.origin + url.pathname).replace(/\/+$/, "");
}

export function cloudAt(address: string): string | undefined {
  return Object.keys(addresses).find((cloud) => addresses[cloud] === address);
}
