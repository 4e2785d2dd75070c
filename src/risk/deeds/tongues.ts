/**
 * Languages other than English in which a short sentence is understood: what its verb of reading may be, and the words
 * that show the language. A sentence with a second clause is not understood in any of them.
 */
interface Tongue {
  reads: ReadonlySet<string>;
  small: ReadonlySet<string>;
}

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

const TONGUES: readonly Tongue[] = [
  {
    reads: words(
      'zeigt zeige listet liste sucht suche liest lese ruft holt findet finde gibt nennt zahlt berechnet vergleicht pruft zeigen auflisten anzeigen suchen lesen abrufen holen finden liefert',
    ),
    small: words(
      'der die das den dem des ein eine einen einem einer eines fur von mit nach im aller alle zu zum zur aus an auf ab uber als bei in dieser diese seiner ihrer',
    ),
  },
  {
    reads: words(
      'liste lister affiche afficher cherche chercher recherche rechercher lit lire obtient obtenir trouve trouver montre montrer donne recupere recuperer compte compare consulte consulter renvoie',
    ),
    small: words('le la les l un une des du de d et pour par sur dans au aux avec son sa ses'),
  },
  {
    reads: words(
      'lista listar muestra mostrar busca buscar lee leer obtiene obtener encuentra consulta consultar devuelve calcula compara cuenta recupera',
    ),
    small: words('el la los las un una unos unas de del por para con en su sus al todos todas'),
  },
  {
    reads: words(
      'lista listar mostra mostrar busca buscar le ler obtem obter encontra encontrar consulta consultar retorna exibe calcula compara pesquisa pesquisar procura recupera',
    ),
    small: words('o a os as um uma de do da dos das por pelo pela para com em no na seu sua todos todas'),
  },
  {
    reads: words(
      'elenca elencare mostra mostrare cerca cercare legge leggere ottiene ottenere trova trovare calcola confronta restituisce visualizza recupera',
    ),
    small: words(
      'il lo la i gli le l un uno una di del dello della dei degli delle per con nel nella sul da al alla tutti tutte suo sua',
    ),
  },
];

/** Words that join a second clause, take something back, or make a passive. */
const TURNS =
  words(`und oder dann danach sowie sofern wenn wird werden wurde nicht et ou puis si ensuite est sont qui
  sera y e o u luego si se es son que entao depois se ou foi que poi ed se viene vengono che dopo apres lo le les la los
  las li`);
const ARTICLES = words('la le les lo los las o e');

/** One clause, in a language that is known, that begins with a verb of reading. Without accents. */
export function readsElsewhere(sentence: string): boolean {
  const text = sentence
    .trim()
    .toLowerCase()
    .replace(/[.。！]$/, '');
  if (/[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/.test(text)) return readsUnspaced(text);
  if (/[,;:!?.()\u2014-]/.test(text) || /[^\x00-\x7f\u2019]/.test(text)) return false;
  const all = text.split(/[\s'\u2019]+/);
  if (all.length > 14) return false;
  return TONGUES.some(({ reads, small }) => {
    if (!reads.has(all[0]!) || !all.slice(1).some((word) => small.has(word) || all.length < 3)) return false;
    return all
      .slice(1)
      .every(
        (word, at) => !TURNS.has(word) || (ARTICLES.has(word) && small.has(word) && at + 2 < all.length),
      );
  });
}

const UNSPACED_READ =
  /^(?:获取|獲取|查询|查詢|列出|搜索|显示|读取|讀取|查看|返回)[^并且后然再则將将被把及与和]{1,20}$|^[^てしや]{1,16}(?:を|の)(?:一覧を)?(?:取得|表示|検索|一覧表示)(?:します|する)?$|^[^고면]{1,20}(?:을|를) ?(?:조회|검색|표시)(?:합니다|한다)?$/u;

function readsUnspaced(text: string): boolean {
  return !/[，、,;；。:：()（）]/.test(text) && UNSPACED_READ.test(text.normalize('NFC'));
}

/** Whether a word is a verb of reading in one of them: for names. */
export function isReadElsewhere(word: string): boolean {
  return (
    TONGUES.some(({ reads }) => reads.has(word)) ||
    /^(?:获取|查询|查詢|列出|搜索|显示|读取|查看)|(?:一覧|取得|表示|検索|조회|검색)$/u.test(
      word.normalize('NFC'),
    )
  );
}

/** Words of other languages than English that join and point, and are no English ones. Without accents. */
const JOINING =
  words(`le la les un une des du au aux et puis pour par avec dans sur qui son sa ses der das dem und oder
  dann mit fur von zum zur ein eine einen wird werden el los las una y con para por del al que su lo um uma com ao aos
  il gli della che poi het een met voor van naar wordt oraz sie po ve ile icin bir och og med til det ett dan untuk
  dengan yang ke cu pentru ja es hogy nebo`);

/** Whether a part of a sentence is in another language: "Get an invoice, puis l'envoie au client". Accents may stand. */
export function hasForeignPart(sentence: string): boolean {
  return sentence.split(/[,;:()\u2013\u2014]|\s-\s|\.\s/).some((part) => {
    const all = (part.toLowerCase().match(/\p{L}{1,40}/gu) ?? []).map((word) =>
      word.normalize('NFKD').replace(/\p{M}/gu, ''),
    );
    if (all.length < 3 || /["_`]/.test(part)) return false;
    const joins = all.filter((word) => JOINING.has(word)).length;
    return joins >= 2 && joins * 4 >= all.length;
  });
}
