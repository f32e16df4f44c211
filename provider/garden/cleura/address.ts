/** Addresses of Cleura's REST API. */

/** The address of a private cloud has to be configured. */
export const addresses: Readonly<Record<string, string>> = {
  public: "https://rest.cleura.cloud",
  compliant: "https://rest.compliant.cleura.cloud",
};

/** Without a slash at its end; undefined for an address that no secret may be sent to. */
export function addressOf(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== "https:" || url.username !== "" || url.password !== "") return undefined;
  return (url.origin + url.pathname).replace(/\/+$/, "");
}

export function cloudAt(address: string): string | undefined {
  return Object.keys(addresses).find((cloud) => addresses[cloud] === address);
}
