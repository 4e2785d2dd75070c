import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newFolder } from './home.ts';

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** An authority of the test, which certifies servers. Files are PEM. */
export class Authority {
  readonly certificate: string;
  private readonly folder = newFolder();
  private made = 0;

  constructor() {
    this.certificate = join(this.folder, 'ca.pem');
    const files = ['-keyout', 'ca.key', '-out', 'ca.pem'];
    this.openssl('req', '-x509', ...KEY, ...files, '-days', '2', '-subj', '/CN=ca');
  }

  private openssl(...words: string[]): void {
    execFileSync('openssl', words, { cwd: this.folder, stdio: 'pipe' });
  }

  /** `names`: as a certificate has them, `IP:127.0.0.1,DNS:localhost`; `days`: how long it holds, or ended before now. */
  certify(names: string, days = 2): { certificate: string; key: string } {
    this.made += 1;
    const [key, request, certificate] = [`${this.made}.key`, `${this.made}.csr`, `${this.made}.pem`];
    this.openssl('req', ...KEY, '-keyout', key, '-out', request, '-subj', '/CN=relay');
    writeFileSync(join(this.folder, 'names'), `subjectAltName=${names}\n`);
    const by = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', 'names'];
    this.openssl('x509', '-req', '-in', request, ...by, '-out', certificate, '-days', String(days));
    return { certificate: join(this.folder, certificate), key: join(this.folder, key) };
  }
}
