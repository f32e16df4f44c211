/** Certificate authorities of the sandbox: one for the garden's API server, two for each Shoot's own API. */
// The X.509 library resolves its parts through decorators, which ask for this first.
import "reflect-metadata";
import { createPrivateKey, webcrypto } from "node:crypto";
import { isIP } from "node:net";
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  Name,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from "@peculiar/x509";

/** Certificate and private key, both PEM. */
export interface KeyPair {
  readonly certificate: string;
  readonly key: string;
}

export interface Ca extends KeyPair {
  readonly commonName: string;
}

export interface ServerRequest {
  /** DNS names and IP addresses; the first is the common name. */
  readonly hosts: readonly string[];
  readonly expires?: Date;
}

export interface ClientRequest {
  /** The user's name for a Kubernetes API server. */
  readonly commonName: string;
  /** The user's groups. */
  readonly organizations?: readonly string[];
  readonly expires?: Date;
}

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const RSA = {
  name: "RSASSA-PKCS1-v1_5",
  hash: "SHA-256",
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
};
const DAY = 24 * 60 * 60 * 1000;
const CA_LIFE = 10 * 365 * DAY;
const LEAF_LIFE = 365 * DAY;

export function createCa(commonName: string): Promise<Ca> {
  return selfSigned(commonName, ALGORITHM);
}

/** An authority as Gardener expects it of a Shoot's clients: RSA, its key in PKCS #1. */
export async function createRsaCa(commonName: string): Promise<Ca> {
  const ca = await selfSigned(commonName, RSA);
  return { ...ca, key: createPrivateKey(ca.key).export({ type: "pkcs1", format: "pem" }).toString() };
}

async function selfSigned(commonName: string, algorithm: typeof ALGORITHM | typeof RSA): Promise<Ca> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: new Name([{ CN: [commonName] }]),
    keys,
    notBefore: justNow(),
    notAfter: new Date(Date.now() + CA_LIFE),
    signingAlgorithm: algorithm,
    extensions: [
      new BasicConstraintsExtension(true, undefined, true),
      new KeyUsagesExtension(
        KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign | KeyUsageFlags.digitalSignature,
        true,
      ),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { commonName, certificate: certificate.toString("pem"), key: await privateKeyPem(keys) };
}

export async function issueServer(ca: Ca, request: ServerRequest): Promise<KeyPair> {
  const names = request.hosts.map((host) =>
    isIP(host) > 0 ? ({ type: "ip", value: host } as const) : ({ type: "dns", value: host } as const),
  );
  return issue(ca, {
    subject: new Name([{ CN: [request.hosts[0] ?? "localhost"] }]),
    expires: request.expires,
    extensions: [
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension(names),
    ],
  });
}

export async function issueClient(ca: Ca, request: ClientRequest): Promise<KeyPair> {
  const organizations = (request.organizations ?? []).map((organization) => ({ O: [organization] }));
  return issue(ca, {
    subject: new Name([...organizations, { CN: [request.commonName] }]),
    expires: request.expires,
    extensions: [new ExtendedKeyUsageExtension([ExtendedKeyUsage.clientAuth])],
  });
}

interface Leaf {
  readonly subject: Name;
  readonly expires: Date | undefined;
  readonly extensions: readonly Extension[];
}

async function issue(ca: Ca, leaf: Leaf): Promise<KeyPair> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const issuer = new X509Certificate(ca.certificate);
  const signingKey = await webcrypto.subtle.importKey(
    "pkcs8",
    PemConverter.decodeFirst(ca.key),
    ALGORITHM,
    false,
    ["sign"],
  );
  const certificate = await X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: leaf.subject,
    // The parsed name, so that issuer and subject agree byte for byte.
    issuer: issuer.subjectName,
    publicKey: keys.publicKey,
    signingKey,
    notBefore: justNow(),
    notAfter: leaf.expires ?? new Date(Date.now() + LEAF_LIFE),
    signingAlgorithm: ALGORITHM,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      await AuthorityKeyIdentifierExtension.create(issuer.publicKey),
      ...leaf.extensions,
    ],
  });
  return { certificate: certificate.toString("pem"), key: await privateKeyPem(keys) };
}

async function privateKeyPem(keys: webcrypto.CryptoKeyPair): Promise<string> {
  return PemConverter.encode(
    await webcrypto.subtle.exportKey("pkcs8", keys.privateKey),
    PemConverter.PrivateKeyTag,
  );
}

/** RFC 5280 wants it positive: the first byte stays below 0x80, and is not zero. */
function serialNumber(): string {
  const bytes = Buffer.from(webcrypto.getRandomValues(new Uint8Array(16)));
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x01;
  return bytes.toString("hex");
}

/** A minute ago: two clocks seldom agree to the second. */
function justNow(): Date {
  return new Date(Date.now() - 60_000);
}
