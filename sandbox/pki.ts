/** Certificate authorities of the sandbox: one for the garden's API server, two for each Shoot's own API. */
// The X.509 library resolves its parts through decorators, which need this first.
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

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const RSA = {
  name: "RSASSA-PKCS1-v1_5",
  hash: "SHA-256",
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
};
const DAY = 24 * 60 * 60 * 1000;
const CA_DAYS = 3650;
const LEAF_DAYS = 365;

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
  const usages = KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign | KeyUsageFlags.digitalSignature;
  const certificate = await X509CertificateGenerator.createSelfSigned({
    ...validFor(CA_DAYS),
    name: new Name([{ CN: [commonName] }]),
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      new BasicConstraintsExtension(true, undefined, true),
      new KeyUsagesExtension(usages, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { commonName, certificate: certificate.toString("pem"), key: await privateKeyPem(keys) };
}

/** `hosts`: DNS names and IP addresses; the first is the common name. */
export function issueServer(ca: Ca, request: { hosts: readonly string[]; expires?: Date }): Promise<KeyPair> {
  const { hosts, expires } = request;
  const names = hosts.map((value) => ({ type: isIP(value) > 0 ? ("ip" as const) : ("dns" as const), value }));
  return issue(ca, new Name([{ CN: [hosts[0] ?? "localhost"] }]), expires, [
    new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
    new SubjectAlternativeNameExtension(names),
  ]);
}

export interface ClientRequest {
  /** The user's name for a Kubernetes API server. */
  readonly commonName: string;
  /** The user's groups. */
  readonly organizations?: readonly string[];
  readonly expires?: Date;
}

export function issueClient(ca: Ca, { commonName, organizations = [], expires }: ClientRequest) {
  const subject = new Name([...organizations.map((group) => ({ O: [group] })), { CN: [commonName] }]);
  return issue(ca, subject, expires, [new ExtendedKeyUsageExtension([ExtendedKeyUsage.clientAuth])]);
}

async function issue(
  ca: Ca,
  subject: Name,
  expires: Date | undefined,
  extensions: readonly Extension[],
): Promise<KeyPair> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const issuer = new X509Certificate(ca.certificate);
  const caKey = PemConverter.decodeFirst(ca.key);
  const certificate = await X509CertificateGenerator.create({
    ...validFor(LEAF_DAYS, expires),
    subject,
    // The parsed name, so that issuer and subject agree byte for byte.
    issuer: issuer.subjectName,
    publicKey: keys.publicKey,
    signingKey: await webcrypto.subtle.importKey("pkcs8", caKey, ALGORITHM, false, ["sign"]),
    signingAlgorithm: ALGORITHM,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      await AuthorityKeyIdentifierExtension.create(issuer.publicKey),
      ...extensions,
    ],
  });
  return { certificate: certificate.toString("pem"), key: await privateKeyPem(keys) };
}

async function privateKeyPem({ privateKey }: webcrypto.CryptoKeyPair): Promise<string> {
  const exported = await webcrypto.subtle.exportKey("pkcs8", privateKey);
  return PemConverter.encode(exported, PemConverter.PrivateKeyTag);
}

/** Milliseconds since 1970 by the machine's clock, with which TLS compares, also where a test has set Date. */
export function machineTime(): number {
  return performance.timeOrigin + performance.now();
}

function validFor(days: number, notAfter = new Date(machineTime() + days * DAY)) {
  // RFC 5280 requires a positive number: the first byte stays below 0x80, and is not zero.
  const bytes = Buffer.from(webcrypto.getRandomValues(new Uint8Array(16)));
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x01;
  // A minute ago: two clocks seldom agree to the second.
  return { serialNumber: bytes.toString("hex"), notBefore: new Date(machineTime() - 60_000), notAfter };
}
