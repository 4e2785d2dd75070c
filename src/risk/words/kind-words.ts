/**
 * Verbs by what they do. A family is finer than a risk class: what "start" or "merge" means for the risk depends
 * on what is started or merged, and the weights know that of families, so that a rare verb profits from its kin.
 */
const FAMILIES = {
  read: `get list search read find fetch show describe lookup view check retrieve count browse inspect explain
    verify analyze analyse compare diff estimate calculate preview summarize summarise display peek enumerate scan
    report tail poll ping monitor diagnose troubleshoot recommend suggest discover explore observe geocode
    detect identify determine return load look audit review stat filter aggregate sample
    forecast predict score rank translate see access obtain collect gather tell know scrape crawl probe
    history status stats info statistics details metrics logs overview summary top tree whoami exists
    is has ls cat head grep glob dir locate introspect visualize visualise lint validate assess examine
    answer ask research consult select head options measure plan simulate dry`,
  derive: `convert parse extract resolve compute render format transform encode decode hash generate package
    annotate profile trace classify
    optimize infer think reason help train`,
  create: `create add insert new make build register append upload import clone copy duplicate fork write save store
    initialize initialise init provision draft compose record prepend push commit put define schedule book reserve
    ingest allocate establish bootstrap scaffold onboard enroll enrol bulk upsert log note attach instantiate
    queue enqueue backup snapshot produce`,
  update: `update edit modify change set patch rename move assign unassign replace mark complete archive unarchive
    pin unpin mute unmute enable disable toggle configure link unlink tag untag label transition reopen reorder
    reprioritize star unstar like unlike react vote follow unfollow join leave accept decline reject dismiss
    activate deactivate adjust amend increment decrement incr decr touch sort alter redefine
    reschedule mute subscribe unsubscribe watch unwatch acknowledge snooze escalate
    favorite unfavorite bookmark lock unlock hide unhide flag rate customize refresh sync
    synchronize associate disassociate bind unbind split extend shrink fix repair correct
    claim undo redo mutate reassign relabel retitle
    skip play volume turn dim unresolve rewrite`,
  remove: `remove detach unset exclude deregister unregister unregister discard`,
  destroy: `delete drop purge wipe erase destroy truncate clear flush kill terminate uninstall prune reset revert
    rollback overwrite empty trash rm del expunge shred nuke deprovision decommission obliterate
    clean cleanup eliminate restore rebuild evict expire invalidate vacuum teardown unpublish wipeout destruct`,
  exec: `execute exec run eval evaluate invoke launch trigger dispatch call spawn shell bash powershell script
    rerun sudo transact sql sh cmd terminal repl command kickoff fire`,
  pay: `pay buy purchase charge refund withdraw deposit trade sell payout donate tip checkout bid stake unstake mint
    swap liquidate exercise transfer bill settle fund redeem remit disburse wire invest
    borrow lend repay reimburse onramp offramp bridge airdrop`,
  send: `send reply forward post publish tweet email notify message invite share broadcast announce dm submit
    comment respond retweet remind mail sms fax contact communicate blast toot
    transmit deliver request chat speak announce crosspost whatsapp`,
  operate: `deploy redeploy release rollout scale restart reboot shutdown merge promote demote grant revoke upgrade
    downgrade migrate resize rotate ban unban kick impersonate failover cutover cordon drain undrain
    autoscale elevate authorize authorise approve apply permit whitelist allowlist
    blacklist expose install poweroff poweron power takedown reconfigure hotfix`,
  interact: `click type press drag fill navigate tap swipe drop interact act key keypress go back goto shortcut
    `,
  ask: `query queries`,
  session: `open close connect disconnect reconnect login logout authenticate quit signin signout`,
  carry: `download export dump`,
  sense: `take wait capture screenshot hover scroll highlight screencast sleep`,
  halt: `start stop begin pause resume suspend unsuspend cancel abort end finish halt interrupt initiate`,
  manage: `manage handle process control perform operate administer maintain orchestrate do work lifecycle
    automate proceed management`,
} as const;

export type Family = keyof typeof FAMILIES;

/** Other languages' verbs, without their accents (words.ts and tokens.ts drop them alike). */
const ELSEWHERE: Partial<Record<Family, string>> = {
  destroy: `loschen loesche losche entfernen entferne vernichten supprimer supprime effacer efface detruire
    eliminar elimina borrar borra suprimir apagar excluir exclui deletar remover cancella eliminare cancellare
    rimuovere`,
  send: `senden sende verschicken versenden envoyer envoie enviar envia mandar manda inviare invia spedire publier
    publicar pubblicare veroffentlichen`,
  pay: `bezahlen bezahle zahlen uberweisen uberweise kaufen payer paye acheter virement pagar paga comprar compra
    transferir pagare acquistare comprare rembourser erstatten reembolsar rimborsare`,
  create: `erstellen erstelle anlegen hinzufugen speichern schreiben creer cree ajouter ajoute ecrire enregistrer
    crear crea agregar anadir guardar escribir criar cria adicionar salvar escrever creare aggiungere salvare
    scrivere`,
  update: `andern andere aktualisieren bearbeiten modifier modifie mettre modificar actualizar cambiar atualizar
    alterar modificare aggiornare cambiare`,
  read: `auflisten anzeigen lesen suchen abrufen holen finden zeigen zeige lister afficher lire chercher rechercher
    obtenir trouver listar mostrar leer buscar obtener consultar ler obter procurar elencare leggere cercare ottenere
    mostrare trova`,
  exec: `ausfuhren fuhre executer execute ejecutar executar eseguire esegui`,
  operate: `bereitstellen deployer desplegar implantar distribuire neustarten redemarrer reiniciar`,
};

/** Languages that put no space between words: these are looked for anywhere in a word. */
const UNSPACED: [Family, string][] = [
  ['destroy', '删除 刪除 清空 销毁 移除 抹除 削除 消去 破棄 삭제'],
  ['send', '发送 發送 寄送 发布 發佈 送信 投稿 公開する 통지 전송'],
  ['pay', '支付 付款 转账 轉帳 购买 購買 退款 支払 振込 購入 返金 送金 결제'],
  ['create', '创建 新建 建立 添加 新增 写入 寫入 保存 上传 作成 追加 書き込 登録 생성'],
  ['update', '更新 修改 编辑 編輯 设置 変更 編集 設定 수정'],
  ['exec', '执行 執行 运行 運行 実行 실행'],
  ['operate', '部署 重启 重啟 上线 デプロイ 再起動 배포'],
  ['read', '列出 读取 讀取 获取 獲取 查询 查詢 查看 搜索 显示 一覧 取得 読み取 読む 検索 表示 조회'],
];

/** What is acted on, where that changes the risk: paying an invoice is not closing an issue. */
const THINGS = {
  money: `payment payments order orders refund refunds subscription subscriptions payout charge balance wallet
    transaction transactions trade position positions bank credit credits currency fund funds money checkout
    dispute stock crypto option options erc20 nft token purchase salary payroll transfer`,
  books: `invoice invoices price prices billing bill cart coupon timesheet expense quote product products item
    plan journal tax account accounts`,
  speech: `message messages email emails mail sms tweet comment comments reply replies post posts invitation invite
    newsletter campaign announcement story chat dm thread discussion channel sticker gif poll voice responder
    responders review feedback`,
  people: `user users member members membership team teams admin group groups contact contacts session sessions
    customer people person owner`,
  rights: `role roles permission permissions policy policies grant grants firewall secret secrets credential
    credentials access key keys password oauth acl sso mfa rights encryption certificate restriction restrictions
    targeting variable variables auth`,
  estate: `deployment deployments production cluster clusters droplet instance instances server node nodes pod
    pods service services container helm chart kubectl application flag replication
    environment infrastructure vm migration stack router dns domain namespace rollout kernel template`,
  code: `sql command commands script scripts code shell terminal process statement statements query workflow
    job jobs function lambda action actor tool javascript python expression anonymous playbook pipeline`,
  data: `table tables database collection index record records file files folder directory document documents
    bucket object branch repository project cache queue topic data row rows issue issues task tasks page pages`,
} as const;

export type Thing = keyof typeof THINGS;

function table<T extends string>(lists: Partial<Record<T, string>>): Map<string, T> {
  const found = new Map<string, T>();
  for (const [kind, list] of Object.entries(lists) as [T, string][]) {
    for (const word of list.split(/\s+/)) if (!found.has(word)) found.set(word, kind);
  }
  return found;
}

/** Verbs that are as often things: at the end of a name they are taken for things, as in `get_request`. */
export const OFTEN_THINGS: ReadonlySet<string> = new Set(
  `request comment record log message report review note run post stat status trace snapshot order charge bill
  contact email mail chat share access process schedule index import export view test watch query check label tag
  pin star flag link mark work play volume switch script command shell call build release backup register book
  transfer trade deposit stake bid policy group change update start end key press type sample form filter history
  info health statistics details metrics logs overview summary top tree stats`.split(/\s+/),
);

export const FAMILY_OF: ReadonlyMap<string, Family> = new Map([...table(ELSEWHERE), ...table(FAMILIES)]);
export const THING_OF: ReadonlyMap<string, Thing> = table(THINGS);
export const UNSPACED_WORDS: readonly [Family, string][] = UNSPACED.flatMap(([family, list]) =>
  list.split(' ').map((word): [Family, string] => [family, word]),
);
