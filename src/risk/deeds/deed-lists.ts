import type { RiskClass } from '../classes/risk-class.ts';

/**
 * Verbs by what they do to the world, for the question whether a definition speaks of anything but reading. Wider
 * than the families of words.ts, which carry weights: here a verb needs no company.
 */
export const ACTS: Partial<Record<RiskClass, string>> = {
  write: `consume hold cost affect win stay remain become hear exceed-x accelerate accumulate acknowledge acquire activate adapt add adjust adopt affix aim allocate
    allot alter amend anchor annotate annul append appoint apportion archive arm assemble assign attach
    augment backdate balance ban beautify bind block bookmark boost book brew bring brighten bump burn calibrate cap carry
    categorize censor change claim clip clone close collapse combine commence commission commit compact
    complete compose concatenate conclude configure confirm connect consolidate cook cool copy correct
    couple create crop customize cut cycle deactivate debit decline decrease decrement deduplicate defer define
    demote dequeue designate detach dim direct disable disarm dismiss dispense displace distribute divert divide double
    downgrade draft drain drive dye earmark edit embed enable enact encrypt enforce engage engrave enlarge enlist enqueue
    enrol enroll equalize escalate establish exchange expedite extend fasten favorite feed
    fill finalize finish fix flag flip fold force fork formalize fuse give grade graft grow
    halve hand harden heat hide highlight hoist home hydrate import impose imprint inactivate increase increment
    infuse ingest initialize inject insert install instantiate integrate intensify irrigate issue join jog keep
    kindle label land launch lay leave lengthen let level lift light link lock loosen lower make mark
    massage mend merge migrate mirror mitigate mix modernize modify move multiply mute name neutralize     obfuscate obligate obtain-by occupy offset onboard open orchestrate organize outfit overlay overrule
    pack paint park partition paste patch pause permute persist pick pin place plant plug point polish pop
    populate position postpone pour preempt prepare prepend press proceed prolong     provision pull pump push put queue raise rate reactivate reallocate rearrange reassign rebalance rebase rebook
    rebrand reclassify recolor recompute reconcile reconfigure reconnect record recreate rectify recycle redact
    redefine redeliver redirect redistribute reenable refill refine refit refresh regenerate register regroup
    regularize reindex reinstate relabel release relink reload relocate remediate remodel rename renew renovate
    renumber reopen reorder reorganize repair repeat replace replenish repopulate reposition reprice reprioritize
    reprocess rescale reschedule reseed reserve reshape reshuffle resize restock restructure restyle resume
    retag retire retitle retrain retry retype reuse rewind rewrite rewire right-size roll rotate route sanitize save
    schedule seal seat seed separate serve set settle shape shift shorten shrink shuffle sign silence skip slot slow
    snooze solve spawn split spray spread squash stabilize stage stamp standardize star steer stick stop store
    straighten strengthen strip stub subscribe substitute supersede supplement suppress swap sweep switch sync
    synchronize tag tare tidy tie tighten tilt toggle top-up trade-in train transcode transform transition transplant
    treat trim triple true tune turn twist unarchive unassign unbind unblock unfavorite unfollow unflag unhide uninvite
    unlink unload unlock unmark unmerge unmount unmute unpack unpin unset unstar unsubscribe untag unzip update uprate
    upload upsert use-up void waive wake warm water weaken weld widen wind withhold wrap write zero zip fulfill inscribe
    enhance swipe tap type undo redo lend stow thaw defrost ventilate dose intubate vaccinate admit discharge
    transfuse prescribe administer diagnose-by triage matriculate exempt reimagine remap sow harvest prune mow plow
    stir bake fry grind roast chill freeze melt drill mill lathe cast forge solder glue screw bolt bend jam`,
  destructive: `cleanup teardown free abandon abolish abort annihilate axe ban bleach blow break burn bury cancel cease clean cleanse clear
    close-out cull crush decommission decompose degauss delete demolish deprovision deregister destroy destruct detonate
    disband discard discontinue dismantle dispose dissolve ditch drop dump-off effect-wipe eject eliminate empty end
    eradicate erase evict expel expire expunge exterminate extinguish forget flush gut incinerate invalidate kill
    liquidate lose nuke nullify obliterate offboard omit-forever overwrite prune purge quash quit raze recall remove
    repeal rescind reset retract revert revoke rid rm rollback rub ruin sabotage scrap scratch scrub sever shred shut
    slay smash sink spoil strike sunset suspend take-down terminate throw toss trash truncate unbook undeploy uninstall
    unmake unprovision unpublish unregister vacate vacuum vanish void weed wipe withdraw wreck write-off yank zap zeroize`,
  execute: `bootstrap call command eval exec execute fire fuzz instrument invoke
    kickoff operate play replay rerun run script spawn start trigger detonate exploit attack brute`,
  financial: `order acquire auction award bail bankroll barter bet bid bill borrow buy capitalize cash charge collect-debt
    compensate convert-funds credit debit deduct deposit disburse divest donate dock endow finance fund garnish hedge
    insure invest invoice lease lend levy liquidate loan mint mortgage overcharge overdraw pawn pay payout penalize
    pledge procure purchase rebate recoup redeem refinance refund reimburse remit remunerate rent repay sell settle
    short spend sponsor stake subsidize tax tip trade transfer underwrite unstake upsell wager wire withdraw`,
  outbound: `alert announce apologize appeal apply-for ask-for beam beep bcc blast broadcast buzz cable cast cc
    circulate comment communicate complain contact convey crosspost deliver denounce dial disclose dispatch
    disseminate divulge dm email enquire-of expose fax file forward greet honk hail inform invite leak list-for mail
    message notify nudge page petition phone ping-person poke post print proclaim promote publicize publish react
    recommend-to refer-to release remind reply report-to request respond retweet reveal ring rsvp say send serve share
    ship shout signal sms speak spam stream submit sue syndicate telegram text toot transmit tweet upvote utter
    voice vote warn wave whisper wish yell vend endorse testify`,
  production: `allowlist apply approve authorize blacklist blocklist commission converge cordon cutover delegate demote
    deploy elevate empower entitle evacuate failover flash grant halt harden hibernate hire hotfix impersonate install
    kick liberate migrate overclock patch permit pivot power promote quarantine quiesce reboot recover redeploy
    reinstall relaunch repave repoint reprovision rescale restart restore roll rollout sack scale sequester shed
    shutdown sideload stand-up swap-over takeover throttle transfer-ownership undrain unban uncordon unquarantine
    unsuspend upgrade whitelist dethrone enthrone appoint dispatch arrest detain expel furlough hospitalize isolate
    deport layoff firewall fire arrest`,
};

/** Deeds of reading that are hardly ever anything else, whatever they are done to. */
export const READS = `get list search read find fetch show describe retrieve lookup look view count browse query inspect
  explain compare diff estimate calculate compute preview summarize summarise enumerate scan discover explore
  geocode determine see know tell analyze analyse examine assess verify validate check identify detect
  return display locate monitor observe measure predict forecast introspect visualize visualise lint ping peek trace
  tail cat grep glob ls whoami suggest recommend research aggregate rank score plan simulate track review test audit
  obtain access translate decode parse extract convert hash encode define stat probe diagnose troubleshoot classify
  is has infer output report collect gather download export watch sample filter print-out render select crawl scrape
  match highlight scroll hover wait evaluate screen turn-up`;

/** Verbs that tell of things and of callers: they do nothing. */
export const CALMS = `be have do contain include use support need require want allow provide help work depend mean refer
  indicate represent correspond relate belong exist happen occur default fail appear cover specify pass understand
  choose limit paginate sort order group combine consist follow range vary equal live come go let offer
  expect assume think learn note remember ensure avoid prefer try consider rely differ exceed reach span result serve
  concern describe depict detail outline begin look seem say state mention answer yield produce
  give take accept ignore omit skip resolve comprise involve affect apply map lead link point fit own see complement
  cache respond index sound lack miss cause reflect denote signify cite visit qualify intend design base build
  tailor name call title author identify nest ask supply present enable structure load expose operate perform run
  sum average total open start end group bucket round normalize format encode cap accept exclude override expand reduce generate handle receive dictate attempt learn prefer arrange
  interpret enter propagate compress compile emulate clarify trust interact navigate correlate cross-reference refer
  reuse mirror target troubleshoot debug understand confirm reference answer browse experience investigate pinpoint
  drill surface prioritize opt flatten normalize optimize improve introduce benefit gain inspect visualise speed satisfy pivot fall resemble inform guide`;

/** More often things than deeds: a deed only where a verb must stand. */
export const THINGS = `cleanup free favorite rollout telegram glue balance dm leave retry triage dispute warn pivot public shutdown put step toggle opt override disposal address alert answer ban bet bid bill block book boost brand break budget build bundle burn cable call
  campaign cap cast cause chain change charge check claim clean clear clip close code command comment commit compact
  contact content copy cost cover credit cut cycle damage date deal debit default deposit design detail diff direct
  discount dispatch display dispute document donate dose double draft drive drop dry due email embed empty end entry
  exchange exercise expire export extract fan fax feed field file fill filter finance fire fix flag flash flat float
  flow fold force fork form format forward free freeze fuel function fund fuse gate grade grant graph group guide hand
  harvest head heat hedge hide highlight hold home host hunt ice image import index input invoice issue item join judge
  jump key kick kit label land launch lay lead lease level lie lift light limit link list live load loan local lock log
  long loop low mail main make map mark market mask master match matter mean measure meet memory merge message mill
  mine mint mirror model mortgage move name need neighbor nest network note notice number object offer offset open
  order output overlay own pack package page paint pair parent park part partition pass patch path pattern pause pay
  payout peer permit phone pick picture pin pitch place plan plant play plot plug point poll pool pop port position
  post pound power prefix present press price print process produce product profile program project promise prompt
  proof protest pull pump purchase push query quest question queue quote race rally range rank rate reach rebate recall
  recipe record recover redirect refund register release remote rent reply report repost request reserve reset resource
  response rest result return review reward right ring risk roll root rotate round route rule run sale sample save
  scale scan schedule scope score scrap screen script seal search season seat section seed segment sell sense series
  serve service set share shard shift ship shop short show sign signal silence sink site slot slow smooth snapshot
  solution sort sound source space spam span speed spend spike split sponsor spot spread spring stack staff stage stake
  stamp stand standard star start state status steer step stick stock stop store story stream strike string strip
  structure stub style subject submit subset sum summary supplement supply support surface surge survey suspect swap
  sweep switch symbol table tag tail take talk tap target task tax team template term test text thread throw tick ticket
  tie time tip title token tone tool top total touch trace track trade traffic trail train transcript transfer
  transition trash travel treat trend trial trigger trip truck true trust tune turn tweet twin type underwrite unit
  update upgrade upload use user value variable version view visit voice void volume vote wager wait walk wall want
  warehouse warm waste watch water wave wear web weight well wind window wipe wire wish word work world worth wrap
  write year yield zero zip zone fulfill level complete correct narrow secure separate public own double live mute
  native fine slow lower open light present direct welcome fit cool dim private deliver`;

export const SAID: Record<string, string> = {
  sent: 'send', paid: 'pay', bought: 'buy', sold: 'sell', written: 'write', wrote: 'write', made: 'make', ran: 'run',
  shown: 'show', frozen: 'freeze', froze: 'freeze', brought: 'bring', thrown: 'throw', threw: 'throw', taken: 'take',
  took: 'take', given: 'give', gave: 'give', done: 'do', built: 'build', kept: 'keep', left: 'leave', lost: 'lose',
  shut: 'shut', hidden: 'hide', drawn: 'draw', spent: 'spend', lent: 'lend', broken: 'break', woken: 'wake',
  withdrawn: 'withdraw', driven: 'drive', chosen: 'choose', torn: 'tear', worn: 'wear', held: 'hold', told: 'tell',
  known: 'know', seen: 'see', found: 'find', got: 'get', gotten: 'get', read: 'read', understood: 'understand',
  begun: 'begin', bound: 'bind', undone: 'undo', overwritten: 'overwrite', rewritten: 'rewrite', laid: 'lay',
  fed: 'feed', led: 'lead', met: 'meet', put: 'put', set: 'set', cut: 'cut', let: 'let', rid: 'rid', split: 'split',
  spread: 'spread', swept: 'sweep', stolen: 'steal', blown: 'blow', burnt: 'burn', sunk: 'sink', wound: 'wind',
  fallen: 'fall', grown: 'grow', mown: 'mow', sown: 'sow', meant: 'mean', said: 'say', gone: 'go', been: 'be',
}; // biome-ignore format: a table of words
