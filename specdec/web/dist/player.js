/* Built by "npm run build" from sources 23575c16acf0c925316b52e38221cfdd055bede48e9d9aedfaa43292808e0e8b */
"use strict";(()=>{var As=[{size:1e9,letter:"B"},{size:1e6,letter:"M"},{size:1e3,letter:"k"}],L=" ";function y(s){if(s===0||s===1)return String(
s);if(s<1e-4)return`<${L}0.0001`;if(s>.9999)return`>${L}0.9999`;if(s<.01)return s.toFixed(s<.001?4:3);for(let t of[2,3,
4])if(Number(s.toFixed(t))<1)return s.toFixed(t);return`>${L}0.9999`}function ge(s){return s<=1?y(s):s>9999?`>${L}9999`:
s.toFixed(s<10?2:s<100?1:0)}function M(s){let t=Math.round(s*100);return t===0&&s>0?`<${L}1${L}%`:t===100&&s<1?`>${L}99${L}\
%`:`${t}${L}%`}function Ts(s,t){for(let e=2;e<17;e++){let i=[s.toFixed(e),t.toFixed(e)];if(i[0]!==i[1]||s===t)return[Number.
isInteger(s)?String(s):i[0],Number.isInteger(t)?String(t):i[1]]}return[String(s),String(t)]}function P(s,t){let[e,i]=[y(
s),y(t)];return e!==i||s===t?[e,i]:Ts(s,t)}function bt(s,t,e,i){let n=e.split(".")[1]?.length??0,r=!Number.isNaN(Number(
e)),o=(h,d)=>(h!==d||s===t)&&(!r||i(Number(h),Number(d)).toFixed(n)===Number(e).toFixed(n)),c=(h,d)=>Number(y(h))===h?y(
h):h.toFixed(d);if(o(y(s),y(t)))return[y(s),y(t)];for(let h=3;h<16;h++){let[d,p]=[c(s,h),c(t,h)];if(o(d,p))return[d,p]}
return[String(s),String(t)]}function Dt(s){if(s>=10)return`${s.toFixed(1)}${L}s`;if(s>=1)return`${s.toFixed(2)}${L}s`;let t=s*
1e3;return`${t>=100?t.toFixed(0):t>=.095?t.toFixed(1):t.toFixed(2)}${L}ms`}function be(s){for(let{size:t,letter:e}of As)
if(s>=t)return`${s/t>=10?Math.round(s/t):Number((s/t).toFixed(1))}${e}`;return String(s)}function we(s){let t=new Date(
s);return Number.isNaN(t.getTime())?String(s):t.toLocaleDateString("en-GB",{day:"numeric",month:"short",year:"numeric",
timeZone:"UTC"})}var Rs=/\{(\w+)(?:![rs])?(?::[^}]*)?\}/g,Ut={};function xe(s){Ut=s}function Ls(s,t){let e=s.indexOf("."),i=Ut[s.slice(0,
e)]?.[s.slice(e+1)];if(i===void 0)throw new Error(`No words under ${s}`);return typeof i=="object"?i[t.n===1?"one":"oth\
er"]:i}function W(s){let t=s.indexOf(".");return Object.hasOwn(Ut[s.slice(0,t)]??{},s.slice(t+1))}function wt(s,t={}){let e=[],
i=0,n=Ls(s,t);for(let r of n.matchAll(Rs))e.push(n.slice(i,r.index),t[r[1]]),i=r.index+r[0].length;return[...e,n.slice(
i)]}var l=(s,t={})=>wt(s,t).map(String).join(""),Wt=s=>{if(!s?.key)return String(s??"");let t=Object.entries(s.values??
{}),e=Object.fromEntries(t.map(([i,n])=>[i,n?.key?Wt(n):n]));try{let i=wt(s.key,e);if(!i.includes(void 0))return i.map(
String).join("")}catch{}return`${s.key} (${t.map(([i])=>`${i}=${e[i]}`).join(", ")})`};var Gt=new Map,ye=new Map;function ve(s){Gt=new Map(s.drafters.map(t=>[t.name,t])),ye=new Map(s.rules.map(t=>[t.name,t]))}
var nt=s=>ye.get(s)??{},R=s=>s.drafter.name==="none",dt=s=>nt(s.settings.rule).formula??!0,_e=({drafter:s},t)=>t?.draft[0]?.
drafter??s.name,K=(s,t)=>{let e=_e(s,t);return W(`stage.guessing_${e}`)?e:"model"},xt=(s,t)=>!R(s)&&Gt.get(_e(s,t))?.probabilities===
!1,ke=s=>W(`stage.rule_${s}`)?l(`stage.rule_${s}`):String(s),Kt=(s,t)=>t?l("stage.model_size",{name:s,size:be(t)}):s,Ns=({
drafter:s})=>{if(s.model&&s.model!==s.name)return Kt(s.model,s.parameters);let t=`stage.drafter_${s.name}`,e=Gt.get(s.name)?.
label||(W(t)?l(t):s.name);return Kt(e,s.parameters)},$e=s=>{let{target:t,hardware:e,created:i}=s,n=Kt(t.name,t.parameters),
r=R(s)?l("stage.alone",{target:n}):l("stage.models",{target:n,drafter:Ns(s)}),o=["eager","compiled","graphs"].includes(
e.mode)?[l(`stage.mode_${e.mode}`)]:[];return[r,[l("stage.hardware",{name:e.name,dtype:e.dtype}),...o].join(", "),we(i)]};var Vt={};function Ee(s){Vt=s}var Cs=s=>typeof s=="object"&&s!==null&&!Array.isArray(s),Me=(s,{minimum:t,maximum:e,exclusiveMinimum:i,
exclusiveMaximum:n})=>Number.isFinite(s)&&!(s<t||s>e||s<=i||s>=n),Bs=(s,{items:t,prefixItems:e=[],minItems:i=0,maxItems:n=1/0})=>s.
length>=i&&s.length<=n&&s.every((r,o)=>J(r,e[o]??(t||{}))),zs=(s,{properties:t={},required:e=[],additionalProperties:i=!0})=>e.
every(n=>Object.hasOwn(s,n))&&Object.entries(s).every(([n,r])=>Object.hasOwn(t,n)?J(r,t[n]):i&&J(r,i===!0?{}:i)),Ps={null:s=>s===
null,boolean:s=>typeof s=="boolean",string:s=>typeof s=="string",integer:(s,t)=>Number.isInteger(s)&&Me(s,t),number:(s,t)=>typeof s==
"number"&&Me(s,t),array:(s,t)=>Array.isArray(s)&&Bs(s,t),object:(s,t)=>Cs(s)&&zs(s,t)};function J(s,t=Vt){return t.$ref?
J(s,Vt.$defs[t.$ref.split("/").pop()]):t.anyOf?t.anyOf.some(e=>J(s,e)):t.enum?t.enum.includes(s):t.type?Ps[t.type](s,t):
!0}var Se={" ":"space","\n":"newline","\r":"newline","	":"tab"},qs=/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}]|(?! )\p{Zs}/u,
Hs=/[\u200d\ufe0f]/,je=48;function Fs(s){return`U+${Number(s.codePointAt(0)).toString(16).toUpperCase().padStart(4,"0")}`}
function Oe(s,t=je){let e=[],i="",n=()=>{i&&e.push({kind:"letters",text:i}),i=""},r=Array.from(s);return r.slice(0,t).forEach(
(o,c)=>{let h=Hs.test(o)&&c>0&&c<r.length;Se[o]?(n(),e.push({kind:"mark",text:Se[o]})):qs.test(o)&&!h?(n(),e.push({kind:"\
codepoint",text:Fs(o)})):i+=!i&&/\p{M}/u.test(o)?`◌${o}`:o}),n(),r.length>t&&e.push({kind:"codepoint",text:"…"}),e}
var j=s=>{let t=Array.from(s).slice(0,je).join("").trim();if(t)return t;let e=s.includes(`
`)?"newline":s.includes("	")?"tab":"space";return l(`stage.spoken_${e}`)};var Is="http://www.w3.org/2000/svg";function Jt(s,t,e){for(let[i,n]of Object.entries(t||{}))if(!(n==null||n===!1))if(i===
"on")for(let[r,o]of Object.entries(n))s.addEventListener(r,o);else s.setAttribute(i,n===!0?"":n);for(let i of e.flat(1/0))
i!=null&&s.append(i);return s}var a=(s,t={},...e)=>Jt(document.createElement(s),t,e),x=(s,t={},...e)=>Jt(document.createElementNS(
Is,s),t,e),B=(s,t)=>{Jt(s,t,[])},w=(s,t)=>{s.textContent!==t&&(s.textContent=t)},yt=()=>window.matchMedia("(prefers-red\
uced-motion: reduce)").matches,T=(s,t,e={})=>(s.replaceChildren(...wt(t,e).map(i=>typeof i=="number"?String(i):i)),s);var Ae={accepted:{d:"M2.8 8.4 6.3 12 13.2 4.4"},rejected:{d:"M4 4l8 8M12 4l-8 8"},discarded:{d:"M8 5.6a2.4 2.4 0 1 0 0 \
4.8a2.4 2.4 0 1 0 0-4.8z",fill:!0},correction:{d:"M12.6 5.2A5.4 5.4 0 1 0 13.4 8.6M12.9 1.9V5.6H9.2"},bonus:{d:"M8 2.8v\
10.4M2.8 8h10.4"},plain:{d:"M3.2 8h9.6"},lossless:{d:"M2.8 8.4 6.3 12 13.2 4.4"},lossy:{d:"M2.8 5.8h10.4M2.8 10.2h10.4M\
10.8 2.6 5.2 13.4"},space:{d:"M1.6 8.6v3.6h12.8V8.6"},newline:{d:"M13 3v5.6H3.4M6.6 5.2 3.2 8.6l3.4 3.4"},tab:{d:"M1.6 \
8h10M8.4 4.6 11.8 8l-3.4 3.4M14.2 3.8v8.4"},first:{d:"M12.4 3.2 5.6 8l6.8 4.8zM2.6 3.2h1.8v9.6H2.6z",fill:!0},last:{d:"\
M3.6 3.2 10.4 8l-6.8 4.8zM11.6 3.2h1.8v9.6h-1.8z",fill:!0},previous:{d:"M10.4 3 5.4 8l5 5"},next:{d:"M5.6 3l5 5-5 5"},play:{
d:"M4.4 2.6 13.2 8l-8.8 5.4z",fill:!0},pause:{d:"M4 2.8h2.9v10.4H4zM9.1 2.8H12v10.4H9.1z",fill:!0},left:{d:"M13 8H3.4M6\
.8 4.6 3.4 8l3.4 3.4"},right:{d:"M3 8h9.6M9.2 4.6 12.6 8l-3.4 3.4"},pin:{d:"M5.4 2.6h5.2M6.4 2.6v4L4.2 9.2h7.6L9.6 6.6v\
-4M8 9.2v4.4"},theme:{d:"M8 2.2a5.8 5.8 0 1 0 0 11.6z",fill:!0,ring:!0}},k=(s,t="")=>{let e=Ae[s],i=x("svg",{class:`mar\
k mark-${s} ${t}`,viewBox:"0 0 16 16","aria-hidden":"true",focusable:"false"});return e.ring&&i.append(x("circle",{cx:8,
cy:8,r:5.8,class:"stroke"})),i.append(x("path",{d:e.d,class:e.fill?"fill":"stroke"})),i},Te=s=>Ae[s].d,Q=(s,t)=>{let e=Oe(
s,t),i=n=>n.kind==="mark"?k(n.text):a("span",{class:n.kind},n.text);return a("bdi",{class:"piece"},e.map(i))},I=(s,t,{mark:e=!1,
small:i=!1,tag:n="span",attributes:r={}}={})=>{let o=`chip ${i?"chip-small":""} is-${t}`;return a(n,{...r,class:o},e?k(
t):null,Q(s.piece))};var D=s=>s.draft.some((t,e)=>t.parent!==e-1),z=s=>s.draft.reduce((t,e,i)=>e.verdict==="accepted"?i:t,-1),Z=s=>{let t=z(
s),e=s.draft.filter(i=>i.verdict==="rejected"&&i.parent===t);return e.length?e[e.length-1]:null},q=(s,t)=>t<0?[]:[...q(
s,s[t].parent),t],Y=(s,t)=>{let e=s.filter(n=>n.parent===t.parent),i=e.indexOf(t);return{nth:i+1,of:e.length,before:e.slice(
0,i),next:e[i+1]||null,all:e}},Re=s=>{let t=[];for(let e of s)t.push(e.parent<0?1:t[e.parent]+1);return t},rt=s=>Re(s).
reduce((t,e)=>Math.max(t,e),0),Le=s=>{let t=s.draft.map((n,r)=>({verdict:String(n.verdict),place:r})).filter(({verdict:n})=>n===
"accepted"),e=Z(s);e&&t.push({verdict:"rejected",place:s.draft.indexOf(e)});let i=Re(s.draft);for(let n=t.length+1;n<=Math.
max(0,...i);n++)t.push({verdict:"discarded",place:i.indexOf(n)});return t},Qt=s=>{let t=s.draft.map(e=>e.parent);return s.
final?[...t,z(s)]:t};function Ne(s){let t=Array.from({length:s.length+1},()=>[]);return s.forEach((e,i)=>t[e+1].push(i)),
t}var Zt=s=>{let t=Ne(s),e=new Array(s.length).fill(0),i=h=>{let d=[],p=[],u=t[h+1].map(b=>{let $=i(b),v=[[0,0],...$],_=v.
reduce((S,[O],A)=>A<p.length?Math.max(S,p[A]+1-O):S,d.length?-1/0:0);return v.forEach(([S,O],A)=>{A>=d.length&&(d[A]=_+
S),p[A]=_+O}),_}),g=u.length?(u[0]+u[u.length-1])/2:0;return t[h+1].forEach((b,$)=>{e[b]=u[$]-g}),d.map((b,$)=>[b-g,p[$]-
g])},n=i(-1),r=Math.min(0,...n.map(([h])=>h)),o=[];s.forEach((h,d)=>{let p=h<0?{depth:0,row:-r}:o[h];o.push({depth:p.depth+
1,row:p.row+e[d]})});let c=1+Math.max(0,...n.map(([,h])=>h))-r;return{nodes:o,root:{depth:0,row:-r},rows:c,depth:o.reduce(
(h,d)=>Math.max(h,d.depth),0)}},Ce=s=>{let t=Ne(s),e=new Array(s.length),i=0,n=(r,o)=>{for(let c of t[r+1])i+=1,e[c]={depth:o,
row:i},n(c,o+1)};return n(-1,1),{nodes:e,root:{depth:0,row:0},rows:s.length+1,depth:e.reduce((r,o)=>Math.max(r,o.depth),
0)}};var Be=2,ze={rounds:0,drafted:0,accepted:0,rejected:0,discarded:0,refusals:0,tokens:0,passes:0,seconds:0},Ds=["header",
"round","footer"],Us=({draft:s,final:t})=>s.every((e,i)=>e.parent>=-1&&e.parent<i)&&new Set([...s,...t?[t]:[]].map(e=>e.
kind)).size<2,ot=s=>s.header.target.encoder_decoder===!0,X=s=>{let t=s.draft.filter(e=>e.verdict==="accepted");return s.
final?[...t,s.final]:t},Ws=s=>Z(s)!==null,_t=s=>({acceptance:s.accepted+s.refusals?s.accepted/(s.accepted+s.refusals):null,
perPass:s.passes?s.tokens/s.passes:null,efficiency:s.drafted?s.accepted/s.drafted:null});function Ks(s,t){let e=s.sums.
length?s.sums[s.sums.length-1]:ze,i=n=>t.draft.filter(r=>r.verdict===n).length;s.rounds.push(t),s.longest=Math.max(s.longest,
t.draft.length),s.deepest=Math.max(s.deepest,rt(t.draft)),s.branched=s.branched||D(t),s.sums.push({rounds:e.rounds+1,drafted:e.
drafted+t.draft.length,accepted:e.accepted+i("accepted"),rejected:e.rejected+i("rejected"),discarded:e.discarded+i("dis\
carded"),refusals:e.refusals+Number(Ws(t)),tokens:e.tokens+X(t).length,passes:e.passes+(t.passes?.target??1),seconds:t.
end})}var G=(s,t)=>t>0?s.sums[t-1]:ze,vt=class s{text="";at=0;line=0;runs=[];error=null;clear(){Object.assign(this,new s)}append(t){
this.text=this.text.slice(this.at)+t,this.at=0}parse({budget:t=1/0,whole:e=!1}={}){let i=performance.now()+t;for(;this.
error===null&&this.at<this.text.length;){let n=this.text.indexOf(`
`,this.at);if(n<0&&!e)return!1;n<0&&(n=this.text.length);let r=this.text.slice(this.at,n);if(this.at=Math.min(n+1,this.
text.length),this.line+=1,r.trim()&&this.take(r),performance.now()>i)return this.error===null&&this.at<this.text.length}
return!1}refuse(t,e){this.error=l("stage.broken_line",{line:this.line,why:l(`stage.broken_${t}`,e)})}take(t){let e;try{
e=JSON.parse(t)}catch{return this.refuse("json")}if(!Ds.includes(e?.kind))return this.refuse("kind");if(e.kind==="heade\
r"&&e.schema!==Be)return this.refuse("schema",{value:String(e.schema),known:Be});if(!J(e)||e.kind==="round"&&!Us(e))return this.
refuse("shape");this.place(e)}place(t){let e=this.runs[this.runs.length-1];if(t.kind==="header"){if(e&&!e.footer)return this.
refuse("order");this.runs.push({header:t,rounds:[],footer:null,sums:[],longest:0,deepest:0,branched:!!t.settings.branching})}else
!e||e.footer?this.refuse("order"):t.kind==="footer"?e.footer=t:t.index!==e.rounds.length?this.refuse("index",{value:String(
t.index),expected:e.rounds.length}):Ks(e,t)}};var tt=["guess","check","judge","keep"];function Pe(s,t,e){let i=t.draft.length,n=K(s.header,t);return i?D(t)?l(`stage.${e}\
_tree_${n}`,{n:i}):l(`stage.${e}_${n}`,{n:i}):l(`stage.${e}_none_${Gs(s,t)||n}`)}function Gs(s,t){let{draft_length:e,branching:i,
max_new_tokens:n}=s.header.settings;return e===0&&!i||t.plan&&t.plan.draft_length===0?"asked":G(s,t.index).tokens+1>=n?
"room":null}var kt=(s,t,e)=>{let i=t.draft.length,n=D(t),r=t.draft.filter(c=>c.verdict==="accepted").length;if(R(s.header))
return[l(e<3?"stage.plain_pass":"stage.plain_round"),""];if(e===0)return[Pe(s,t,"guessing"),""];if(e===1)return[i?n?l("\
stage.checking_tree"):l("stage.checking",{n:i}):l("stage.checking_none"),""];let o=Pe(s,t,"guessed");return t.final?t.final.
verdict==="plain"?[o,l("stage.wrote_plain")]:n&&!r?[o,l("stage.kept_none_tree")]:n?[o,l(t.final.verdict==="bonus"?"stag\
e.kept_path_bonus":"stage.kept_path",{n:r})]:t.final.verdict==="bonus"?[o,l("stage.kept_bonus",{n:i})]:[o,r?l("stage.ke\
pt_correction",{n:r}):l("stage.kept_none")]:[o,r?l("stage.kept_ended",{n:r}):l("stage.kept_ended_none")]},Yt=(s,t,e="",i=!1)=>{
if(s.kind==="opaque")return s.verdict==="discarded"&&!i?[l("stage.not_judged")]:[];if(t==="block"&&s.rule&&s.coin!==null)
return Vs(s);if(s.verdict==="discarded")return i?[]:[l("stage.not_judged")];if(t==="greedy")return[l(`stage.${s.verdict===
"accepted"?"match":"mismatch"}${i?"_short":""}`)];if(t==="typical"&&s.rule)return Js(s);if(s.accept_prob===null)return[];
if(s.accept_prob===0&&s.target_prob===0&&e)return[l("stage.cut",{by:e})];let n=M(s.accept_prob);if(t==="match")return[l(
"stage.chance",{share:n})];let r=[i?n:l("stage.accept",{share:n})];return s.coin!==null&&r.push(l("stage.coin",{coin:P(
s.coin,s.accept_prob)[0]})),r};function Vs(s){let[t,e]=P(s.coin,s.rule.threshold);return[l("stage.threshold",{threshold:e}),
l("stage.coin",{coin:t})]}function Js(s){let[t,e]=P(s.target_prob,s.rule.threshold);return[l(s.target_prob>s.rule.threshold?
"stage.above":"stage.not_above",{p:t,threshold:e})]}var pt=(s,t)=>{if(!s.footer)return l(t?"stage.ended_running":"stage\
.ended_cut");let{reason:e,message:i}=s.footer;return e==="error"?i?l("stage.ended_error",{message:Wt(i)}):l("stage.ende\
d_error_unknown"):["eos","length","stop","cancelled"].includes(e)?l(`stage.ended_${e}`,{limit:s.header.settings.max_new_tokens}):
e};var Mt=({top_k:s=0,top_p:t=1,min_p:e=0},i,n)=>{let r="parent"in n?n.parent:z(i),o=i.draft.filter(d=>d!==n&&d.parent===r&&
d.verdict==="rejected");if("parent"in n?o.some(d=>i.draft.indexOf(d)<i.draft.indexOf(n)):o.length>1)return"";let h={"to\
p-k":s>0,"top-p":t<1,"min-p":e>0};return Object.entries(h).filter(([,d])=>d).map(([d])=>d).join(" / ")},at=(s,t)=>{let[
e,i]=t.split(":"),n=s.rounds[Number(e)];if(!n)return null;let r=i==="f"?n.final:n.draft[Number(i)];if(!r)return null;let{
header:o}=s;return{key:t,token:r,round:n,index:Number(e),rule:o.settings.rule,settings:o.settings,family:K(o,n),copied:xt(
o,n),alone:R(o),refused:Z(n),branched:D(n),cut:Mt(o.settings,n,r)}},$t=(s,t)=>{let e=s.draft.map((i,n)=>`${t}:${n}`);return s.
final?[...e,`${t}:f`]:e},Xt=(s,t,e)=>{let i=Number(t.split(":")[0]),n=$t(s.rounds[i],i),r=n.indexOf(t)+e;if(r>=0&&r<n.length)
return n[r];let o=s.rounds[i+e];if(!o)return null;let c=$t(o,i+e);return e>0?c[0]:c[c.length-1]},qe=s=>{let t=s.rounds.
map(i=>{let n=Z(i),r=i.draft.filter(h=>h.verdict==="accepted").length;if(!n)return r/(1+s.deepest);let o=n.accept_prob===
null?0:4*n.accept_prob*(1-n.accept_prob),c=i.draft.some(h=>h.verdict==="discarded");return 1+ +(r>0)+Number(c)+o}),e=Math.
max(...t);return e>0?t.indexOf(e):s.rounds.length-1},He=(s,t,e=!1)=>{let i=t.beat>=2?t.round:e?t.round-1:-1,n=s.rounds[i];
if(!n)return null;let r=Z(n);return r?`${i}:${n.draft.indexOf(r)}`:n.final?`${i}:f`:`${i}:${Math.max(0,z(n))}`};var Qs=900,Zs=120,Ys=12,Et=class{node=a("p",{class:"heard","aria-live":"polite","data-test":"heard"});lastAt=0;timer;tell(t,e=""){
this.cancel();let i=performance.now()-this.lastAt;this.timer=setTimeout(()=>this.speak(t(),e),Math.max(Zs,Qs-i))}cancel(){
clearTimeout(this.timer)}speak({run:t,round:e,beat:i},n){let r=t.rounds[e],o=kt(t,r,i).join(" ").trim(),c=i<2?"":Xs(t,r,
e);this.lastAt=performance.now();let h=l("stage.heard",{round:e+1,rounds:t.rounds.length,sentence:o,tokens:c});w(this.node,
`${n} ${h}`.trim())}},Xs=(s,t,e)=>$t(t,e).map(i=>at(s,i)?.token).filter(i=>i.verdict!=="discarded"||!D(t)).slice(0,Ys).
map(i=>l("stage.heard_token",{token:j(i.piece),verdict:l(`stage.${i.verdict}`)})).join(", ");var Fe={cell:.72,bar:.78},ti={rejected:10,discarded:16},Ie=(s,t,e,i)=>(s.branched?Le(t):t.draft.map(({verdict:r},o)=>({
verdict:r,place:o}))).map(({verdict:r,place:o},c)=>ei(r,c,`${e}:${o}`,i)),ei=(s,t,e,{left:i,pitch:n,cell:r,bottom:o})=>{
let c=Math.min(4,r*.28),h=n*Fe.cell,d=r-c,p=i+(n-h)/2,u=o-(t+1)*r+c,g={class:`cell is-${s}`,"data-token":e};if(s==="acc\
epted")return x("rect",{...g,x:p,y:u,width:h,height:d,rx:Math.min(2.5,d/3)});let b=Math.min(d,h,10)/ti[s],$=`translate(${i+
n/2} ${u+d/2}) scale(${b}) translate(-8 -8)`;return x("path",{...g,d:Te(s),transform:$})},De=(s,t,e,i,{left:n,pitch:r,bottom:o})=>{
let c=Math.max(2,r*Fe.bar),h=n+(r-c)/2,d=g=>e[g]-t[g],p=s.branched?{accepted:d("accepted"),rejected:d("refusals")}:{accepted:d(
"accepted"),rejected:d("rejected"),discarded:d("discarded")},u=o;return Object.entries(p).map(([g,b])=>{let $=b*i;return u-=
$,x("rect",{class:`bar-cell is-${g}`,x:h,y:u,width:c,height:$})})};var si=24,ii=7,H={top:8,height:28},ct={top:48,height:58,most:12},Ue=22,We=48;function te(s,t){return _t(G(s,t)).acceptance}
var St=class{drawn=!1;run;width;size;pitch;most;asBars;cell;bottom;columns;curve;past;future;point;label;last;firstText;nowText;endText;under;constructor({
onRound:t}){this.onRound=t,this.note=a("span",{class:"chart-note"}),this.art=x("svg",{class:"chart-art",role:"group","a\
ria-label":l("stage.chart"),"data-test":"chart"}),this.node=a("figure",{class:"chart"},a("p",{class:"chart-title"},a("b",
{},l("stage.chart"))," ",this.note),this.art),this.art.addEventListener("click",e=>this.pick(e)),this.columns=[],this.playhead=
{n:0,index:0}}pick(t){let e=t.target.closest("[data-first]");e&&this.onRound(Number(e.dataset.first),e)}draw(t,e){Object.
assign(this,{run:t,width:e,drawn:!0});let i=t.rounds.length,n=Math.max(60,e-We);this.size=Math.max(1,Math.ceil(i*ii/n));
let r=Math.ceil(i/this.size);this.pitch=Math.min(si,n/Math.max(1,r));let o=t.branched?t.deepest:t.longest;this.most=o,this.
asBars=this.size>1||o>ct.most,this.cell=this.asBars?ct.height:Math.min(14.5,(o>4?72:ct.height)/Math.max(1,o));let c=this.
asBars?ct.height:this.cell*o;this.bottom=ct.top+c;let h=this.bottom+Ue;B(this.art,{viewBox:`0 0 ${e} ${h}`,width:e,height:h}),
this.describe(o),this.columns=Array.from({length:r},(g,b)=>this.column(b));let d=this.x(i-1);this.past=x("path",{class:"\
alpha-past"}),this.future=x("path",{class:"alpha-future"}),this.point=x("circle",{class:"alpha-point",r:4}),this.label=
x("text",{class:"alpha-label"}),this.last=x("text",{class:"alpha-last",x:Math.min(e-40,d+14)}),this.under=x("rect",{class:"\
chart-under",height:3,rx:1.5,width:Math.max(8,this.pitch-2),y:this.bottom+1}),this.firstText=x("text",{class:"chart-axi\
s",y:this.bottom+18,"text-anchor":"middle"}),this.nowText=x("text",{class:"chart-axis is-now",y:this.bottom+18,"text-an\
chor":"middle"}),this.endText=x("text",{class:"chart-axis",y:this.bottom+18,"text-anchor":"middle"});let p=[H.top,H.top+
H.height].map(g=>x("path",{class:"chart-grid",d:`M0 ${g}H${Math.min(n,d+this.pitch)}`})),u=this.art.contains(document.activeElement);
this.art.replaceChildren(...p,...this.columns,this.future,this.past,this.point,this.label,this.last,this.under,this.firstText,
this.nowText,this.endText),this.curve=this.measure(),this.show(Math.min(this.playhead.n,i),Math.min(this.playhead.index,
i-1)),u&&this.focusColumn(this.playhead.index)}describe(t){let e={n:t,alpha:l(dt(this.run.header)?"stage.chart_alpha":"\
stage.chart_kept"),size:this.size},i=this.run.rounds.every(r=>r.draft.length===t),n=this.size>1?"stage.chart_grouped":this.
run.branched?"stage.chart_levels":i?"stage.chart_of":"stage.chart_up_to";this.note.replaceChildren(l(n,e),a("span",{class:"\
chart-scale"},` ${l("stage.chart_scale")}`))}x(t){return(Math.floor(t/this.size)+.5)*this.pitch}column(t){let e=t*this.
size,i=this.run.rounds.slice(e,e+this.size),n=G(this.run,e),r=G(this.run,e+i.length),o={left:t*this.pitch,pitch:this.pitch,
cell:this.cell,bottom:this.bottom},c=this.asBars?De(this.run,n,r,ct.height/(this.most*i.length||1),o):Ie(this.run,i[0],
e,o),h={x:o.left,y:H.top,width:this.pitch,height:this.bottom-H.top+Ue};return x("g",{class:"column",role:"button",tabindex:"\
-1","data-first":e,"aria-label":this.labelOf(e,i.length,n,r)},x("rect",{class:"column-hit",...h}),c)}labelOf(t,e,i,n){let r={
accepted:n.accepted-i.accepted,drafted:n.drafted-i.drafted};return this.size>1?l("stage.chart_group",{first:t+1,last:t+
e,...r}):l("stage.chart_column",{round:t+1,...r})}measure(){let t=[];for(let e=1;e<=this.run.rounds.length;e++){let i=te(
this.run,e);i!==null&&(e%this.size===0||e===this.run.rounds.length)&&t.push([e,this.x(e-1),H.top+(1-i)*H.height])}return t}show(t,e){
if(this.playhead={n:t,index:e},!this.drawn)return;let i=this.run.rounds.length,n=Math.floor(e/this.size),r=Math.ceil(t/
this.size);this.columns.forEach((h,d)=>{h.classList.toggle("is-future",d>=r),d===n!=(h.getAttribute("tabindex")==="0")&&
h.setAttribute("tabindex",d===n?"0":"-1")});let o=h=>h.length?`M${h.map(([,d,p])=>`${d.toFixed(1)} ${p.toFixed(1)}`).join(
"L")}`:"",c=this.curve.filter(([h])=>h<=t);this.past.setAttribute("d",o(c)),this.future.setAttribute("d",o(this.curve.filter(
([h])=>h>=t))),this.headline(c,t,i),this.axis(e,i)}headline(t,e,i){let n=te(this.run,e),r=te(this.run,i),o=t.length>0&&
n!==null,c=o?t[t.length-1]:[0,0,0];for(let p of[this.point,this.label])p.style.display=o?"":"none";if(this.last.style.display=
r===null||e>=i?"none":"",r!==null&&(this.last.textContent=M(r),B(this.last,{y:H.top+(1-r)*H.height+4})),!o)return;B(this.
point,{cx:c[1],cy:c[2]}),this.label.textContent=l(dt(this.run.header)?"stage.alpha_at":"stage.kept_at",{share:M(n)});let h=c[1]>
this.width-We-40,d=c[2]<H.top+15?c[2]+19:c[2]-9;B(this.label,{x:h?c[1]+4:c[1]+8,"text-anchor":h?"end":"start",y:d})}axis(t,e){
let i=this.x(t),n=this.x(e-1);B(this.under,{x:i-Math.max(8,this.pitch-2)/2});for(let{node:r,at:o,text:c,seen:h}of[{node:this.
nowText,at:i,text:t+1,seen:!0},{node:this.firstText,at:this.x(0),text:1,seen:i-this.x(0)>22},{node:this.endText,at:n,text:e,
seen:n-i>26}])B(r,{x:Math.max(5,o)}),r.style.display=h?"":"none",w(r,String(c))}focusColumn(t){let e=this.columns[Math.
floor(t/this.size)];e&&e.focus()}};var Ke=(s,t,e)=>{let i=s.getBoundingClientRect(),n=t.map(({chip:r,to:o})=>({chip:r,from:r.getBoundingClientRect(),to:o.
getBoundingClientRect()}));for(let{chip:r,from:o,to:c}of n){let h=r.cloneNode(!0);for(let u of["data-token","data-test",
"aria-label","style"])h.removeAttribute(u);h.setAttribute("aria-hidden","true"),h.tabIndex=-1,h.className=`${r.className}\
 ghost`,h.style.left=`${o.left-i.left}px`,h.style.top=`${o.top-i.top}px`,s.append(h);let d=`translate(${c.left-o.left}p\
x, ${c.top-o.top-8}px) scale(.9)`,p=h.animate([{transform:"none",opacity:.9},{transform:d,opacity:0}],{duration:e,easing:"\
cubic-bezier(.3,.7,.3,1)"});p.onfinish=p.oncancel=()=>h.remove()}};var jt=class{round=0;beat=0;rounds=0;playing=!1;live=!1;following=!1;speed=1;timer;constructor(t){this.listener=t}get moving(){
return this.playing||this.live&&this.following}get atEnd(){return this.round===this.rounds-1&&this.beat===3}get beatMs(){
return 250/this.speed}reset(t){this.stop(),this.round=0,this.beat=0,this.live=t,this.following=t}set(t,e,i={}){this.round=
Math.min(Math.max(0,t),this.rounds-1),this.beat=Math.min(Math.max(0,e),3),this.listener.onMove(i)}jump(t,e,i={still:!0}){
this.rounds&&(this.stop(),this.following=!1,this.set(t,e,i),this.listener.onState())}visit(t){this.jump(t,3)}step(t){let e=this.
round*4+this.beat+t;e<0||e>=this.rounds*4||this.jump(Math.floor(e/4),e%4,{still:t<0})}toEnd(){this.rounds&&(this.jump(this.
rounds-1,3),this.following=this.live,this.listener.onState())}scrub(t){this.jump(Math.max(1,Math.round(t/4))-1,3,{still:!0,
lazy:!0})}play(){if(!(!this.rounds||this.playing)){if(this.atEnd&&this.live)return this.following=!0,this.listener.onState();
this.listener.onPlay(),this.atEnd&&this.set(0,0),this.playing=!0,this.listener.onState(),this.schedule()}}hold(){this.stop(),
this.following=!1,this.listener.onState()}pause(){this.hold(),this.listener.onPause()}toggle(){this.playing||this.following?
this.pause():this.play()}stop(){this.playing=!1,clearTimeout(this.timer)}schedule(){clearTimeout(this.timer),this.timer=
setTimeout(()=>this.next(),this.beatMs)}next(){if(!this.playing)return;if(this.listener.isHeld())return this.schedule();
if(this.atEnd)return this.stop(),this.following=this.live,this.listener.onState();let t=this.round*4+this.beat+1;this.set(
Math.floor(t/4),t%4),this.schedule()}setSpeed(t){this.speed=t,this.playing&&this.schedule()}};var ni=40,ri=250,oi=1.2,Ot=class{run;drawn=null;charted=!1;width=0;charting;later;constructor(t,e,i,n){this.element=t,this.
views=e,this.head=i,this.subject=n}begin(t){this.run=t,this.drawn=null,this.charted=!1,this.views.text.clear(),this.views.
round.relax(),this.makeRoom()}stop(){clearTimeout(this.charting),clearTimeout(this.later),clearTimeout(this.views.text.
sweeping),this.run=null}grow(){let{views:t,run:e,head:i}=this;t.transport.scale(e.rounds.length),t.text.build(e),i.live&&
this.charted?this.chartLater():this.layout()}show(t,{still:e=!1,lazy:i=!1}){clearTimeout(this.later);let n=e||yt();this.
showRun(t),i?this.showLater(n):(this.showRound(n),this.subject.explain(),this.settle()),!n&&this.head.beat===3&&this.fly()}showLater(t){
this.settle([this.views.text]),this.later=setTimeout(()=>{this.showRound(t),this.settle([this.views.round]),this.later=
setTimeout(()=>this.showWhy(),ni)},0)}showRun(t){let{head:e,run:i}=this,{text:n,chart:r,totals:o,transport:c}=this.views,
h=e.beat>=2?e.round+1:e.round;n.show(e.beat===3?e.round+1:e.round,e.beat===3),n.end(t?l(`stage.mark_${t}`):"",!!t&&e.atEnd),
r.show(h,e.round),o.show(i,h),c.place(e,e.rounds)}showRound(t){let{run:e,head:i}=this,{round:n}=this.views;if(this.drawn!==
i.round){let r=n.focusedPlace();n.draw(e,i.round),this.drawn=i.round,n.refocus(r)}n.beat(e,i.beat,{still:t}),this.subject.
relight()}showWhy(){this.subject.explain(),this.settle([this.views.why])}settle(t=[this.views.round,this.views.why,this.
views.text]){let e=t.map(i=>({view:i,seen:i.measure()}));for(let{view:i,seen:n}of e)i.settle(n)}makeRoom(){this.views.text.
whole(!1),this.views.round.tree.rest(!1)}giveRoomBack(){let{round:t,why:e}=this.views;t.relax(),t.tree.rest(!0),e.relax(),
this.subject.explain(),this.settle()}fontsChanged(){this.run&&this.settle([this.views.round.refit(),this.views.text])}resize(){
!this.run||!this.element.clientWidth||this.width!==this.element.clientWidth&&(this.layout(),this.views.transport.scale(
this.run.rounds.length),this.views.why.relax(),this.showRound(!0),this.settle(),this.subject.explained=null,this.showWhy())}chartLater(){
this.charting||(this.charting=setTimeout(()=>this.layout(),ri))}layout(){let{round:t,chart:e,overview:i}=this.views;if(clearTimeout(
this.charting),this.charting=void 0,this.charted=!0,this.width=this.element.clientWidth,!this.width){e.drawn=!1;return}
t.layout(this.width,this.run);let n=this.run.longest===0;e.node.hidden=n,i.classList.toggle("is-plain",n),n?e.drawn=!1:
e.draw(this.run,e.node.clientWidth||this.width)}fly(){let{round:t,text:e}=this.views,i=[...t.chips].map(([n,r])=>({chip:r,
to:e.span(n)})).filter(({chip:n,to:r})=>r&&n.offsetParent);Ke(this.element,i,oi*this.head.beatMs)}};var ai=12,At=class{reader=new vt;adopted=!1;live=void 0;slice;constructor(t){this.listener=t}show(t,e){this.reader.clear(),
this.adopted=!1,this.live=e,this.append(t)}append(t){this.reader.append(t),this.read()}cut(){this.live=!1,this.read()}stop(){
clearTimeout(this.slice)}isLive(t){return t.footer||t.header.source!=="live"?!1:this.live??!0}read(){this.stop();let{reader:t,
listener:e}=this,i=t.runs[0]&&this.isLive(t.runs[0]),n=t.parse({budget:ai,whole:!i&&this.live!==!0}),r=t.runs[t.runs.length-
1];if(n&&(this.slice=setTimeout(()=>this.read(),0)),t.error)return this.refuse(t.error,e.hasRun()&&!this.adopted);if(!r)
return n?void 0:this.refuseEmpty();if(!r.rounds.length)return n?void 0:this.explainEmptyRun(r);this.adopted?e.onRounds():
(!n||this.isLive(r))&&(this.adopted=!0,e.onRun(r))}refuse(t,e){this.listener.onNotice(e?l("stage.notice_kept",{sentence:t}):
t)}refuseEmpty(){this.listener.onNotice(l(this.listener.hasRun()?"stage.notice_empty_kept":"stage.notice_empty"))}explainEmptyRun(t){
if(this.isLive(t))return this.listener.onNotice(l("stage.notice_reading"),"quiet");let e=t.footer&&t.footer.reason!=="l\
ength";this.refuse(e?pt(t,!1):l("stage.notice_no_rounds"),this.listener.hasRun())}};var ci=[" ","Home","End"],li=["ArrowUp","ArrowDown","PageUp","PageDown"],Ge=s=>t=>{let e=t.target;if(!s.head.rounds||t.
defaultPrevented||t.ctrlKey||t.metaKey||t.altKey||!hi(s.element,e))return;let i=e.closest?.("input, textarea, select, [\
contenteditable]");i&&i!==s.slider||ci.includes(t.key)&&!s.element.contains(e)||di(s,t,e)&&t.preventDefault()},hi=(s,t)=>{
if(s.contains(t))return!0;if(t!==document.body&&t!==document.documentElement)return!1;let e=s.getBoundingClientRect();return e.
width>0&&e.bottom>0&&e.top<window.innerHeight},di=(s,{key:t,shiftKey:e},i)=>{let{head:n,subject:r}=s,o={ArrowRight:1,ArrowLeft:-1}[t];
if(o&&s.why.contains(i))r.step(o);else if(o&&e)s.stepRound(o);else if(o)n.step(o);else if(t==="Home")n.jump(0,0);else if(t===
"End")n.toEnd();else if(t==="Escape"&&r.pinned)r.release();else{if(t===" ")return pi(s,i);if(i===s.slider&&li.includes(
t))s.stepRound(/Up$/.test(t)?1:-1);else if(t==="Enter"&&i.matches(".column"))n.visit(Number(i.dataset.first));else if(t===
"Enter"&&i.matches(".mask-row"))r.pinTo(i.dataset.token);else return!1}return!0},pi=(s,t)=>{let e=t.closest?.("button");
return e&&!e.matches(".chip")?!1:(t.matches?.(".column")?s.head.visit(Number(t.dataset.first)):s.head.toggle(),!0)};var Qe=s=>{let t=R(s)?null:ee(s.settings.rule,s.hardware.dtype);if(!t)return[...Ve(s),Je(s,null)];let e=a("span",{class:"\
key-why",hidden:!0},t.title),i=a("button",{type:"button",class:"badge-button","aria-expanded":"false",on:{click:()=>{e.
hidden=!e.hidden,i.setAttribute("aria-expanded",String(!e.hidden))}}},t);return[...Ve(s),Je(s,i),e]};function Ve(s){let t=()=>a(
"span",{class:"key-more"},` ${l("stage.key_by")}`),e=(r,...o)=>a("span",{class:`key-item key-${r}`},a("span",{class:"ke\
y-line"}),a("span",{},o));if(R(s))return[e("plain",l("stage.key_plain"))];let i=xt(s)?[e("plain",l("stage.key_none"))]:
[],n=l(`stage.key_kept_${K(s)}`);return[e("accepted",n),e("correction",l("stage.key_correction"),t()),e("bonus",l("stag\
e.key_bonus"),t()),...i]}function ui({branching:s,draft_length:t}){return Array.isArray(s)?l("stage.setting_branching",
{value:s.join("·")}):s?l("stage.setting_dynamic",{value:t}):l("stage.setting_draft_length",{value:t})}function Je(s,t){
let{settings:e}=s,{rule:i}=e,n=R(s)?[]:[ke(i),ui(e)],r={temperature:0,top_k:0,top_p:1,min_p:0};for(let o of Object.keys(
r))e[o]!==void 0&&e[o]!==r[o]&&n.push(l(`stage.setting_${o}`,{value:e[o]}));return nt(i).coins!=="none"&&e.seed!==void 0&&
n.push(l("stage.setting_seed",{value:e.seed})),a("span",{class:"key-settings"},a("span",{},n.join(" · ")),t)}var ee=(s,t="")=>{
let{lossless:e,coins:i}=nt(s);if(e===void 0)return null;if(!e){let r=l(W(`stage.lossy_${s}`)?`stage.lossy_${s}`:"stage.\
lossy");return a("span",{class:"tag badge is-lossy",title:r},k("lossy"),l("stage.lossy"))}let n=i==="none"&&!/32|64/.test(
t)?"_half":"";return a("span",{class:"tag badge",title:l(`stage.lossless_${s}${n}`,{dtype:t})},k("lossless"),l("stage.l\
ossless"))};var Tt=class{tag=a("span",{class:"tag"});origin=a("span",{class:"origin"});key=a("div",{class:"key"});constructor(t){this.
onRunLive=t,this.runLive=a("button",{type:"button",class:"quiet-button run-live","data-test":"run-live",hidden:!0,on:{click:()=>this.
onRunLive?.()}},l("stage.run_live")),this.node=a("div",{class:"provenance","data-test":"provenance"},this.tag,this.origin,
this.runLive)}show(t,e){w(this.tag,l(e?"stage.recorded":"stage.live")),this.tag.title=l(e?"stage.recorded_title":"stage\
.live_title"),this.runLive.hidden=!(e&&this.onRunLive),w(this.origin,$e(t).join(" · ")),this.key.replaceChildren(...Qe(
t))}};var Rt=class{waiting=!1;restsUntil=0;constructor(t){this.draw=t}soon(){this.waiting||(this.waiting=!0,this.whenRested())}whenRested(){
let t=this.restsUntil-performance.now();t>0?setTimeout(()=>this.whenRested(),t):requestAnimationFrame(()=>this.now())}now(){
let t=performance.now();if(t<this.restsUntil)return this.whenRested();this.waiting=!1,this.draw(),requestAnimationFrame(
()=>this.rest(t))}rest(t){let e=performance.now();this.restsUntil=e+3*Math.max(0,e-t-17)}};var Ze=(s,t)=>({type:"button","data-token":s,"data-verdict":t.verdict}),Ye=(s,t,{mark:e=!1,small:i=!1}={})=>I(t,t.verdict,
{tag:"button",mark:e,small:i,attributes:Ze(s,t)}),se=(s,t,e,i,n=!1)=>{let r=n?null:a("span",{class:"nth","aria-hidden":"\
true"},String(e+1)),o=n?null:a("span",{class:"verdict"},k(t.verdict),a("b",{},l(`stage.${t.verdict}`))),c=i.map((h,d)=>a(
"span",{},h+(d<i.length-1?", ":"")));return a("div",{class:"guess","data-verdict":t.verdict,style:`--i:${e}`},r,s,o,a("\
span",{class:"numbers"},c))},Xe=(s,t,e=!1)=>{let i=l("stage.final_label",{token:j(t.piece),verdict:l(`stage.${t.verdict}`)});
return I(t,t.verdict,{tag:"button",small:e,mark:t.verdict!=="plain",attributes:{...Ze(s,t),"aria-label":i}})},ts=(s,t,e,i,n)=>{
let{verdict:r}=t.final,o=a("span",{});r==="correction"&&t.draft[e]?T(o,"stage.in_place",{token:a("q",{},Q(t.draft[e].piece,
24))}):r==="bonus"?w(o,l("stage.free_token",{n:t.draft.length})):n||w(o,l("stage.alone_token"));let c=n?0:e,h=c>=i-2&&c>
1;return a("div",{class:"final","data-verdict":r,style:`--i:${c}`,"data-late":h},s,a("div",{class:"final-note"},a("b",{
class:`of-${r}`},l(`stage.${r}`))," ",o))},es=(s,{verdict:t},e,i)=>a("div",{class:"final","data-verdict":t,style:`--i:${e}`},
s,i?null:a("span",{class:`numbers of-${t}`},l(`stage.${t}`)));var ss=7.4,is=9,fi=360,mi=[[16,18,4],[20,14,3],[28,12,3],[48,8,2],[1/0,5,1]],ns=28;function rs(s,t){let e=Array.from(j(
s));return e.length>t?`${e.slice(0,t-1).join("")}…`:e.join("")}function gi(s,t,e){let{draft:i}=s.rounds[t],n=q(i,i[e].
parent).map(h=>i[h].text).join(""),r="";for(let h=t-1;h>=0&&r.trim().split(/\s+/).length<4;h--)r=X(s.rounds[h]).map(d=>d.
text).join("")+r;r.trim().split(/\s+/).length<4&&!ot(s)&&(r=s.header.prompt.text+r);let o=r.replace(/\s+/g," ").split("\
 "),c=o.slice(-3).join(" ");return`${o.length>3?"… ":""}${(c+n).replace(/\s+/g," ").trim()}`}var ut=class s{run;index;size;onOpen;key;drawn;rows;asked;beside;longest;constructor(){
let t=`mask-${Math.random().toString(36).slice(2)}`;this.open=!1,this.fold=a("button",{type:"button",class:"mask-fold",
"aria-expanded":"false","aria-controls":t,"data-test":"mask-toggle",on:{click:()=>this.toggle()}},a("b",{},l("stage.mas\
k"))," ",a("span",{},l("stage.mask_pass")),k("next")),this.title=a("p",{class:"mask-title"},a("b",{},l("stage.mask")),"\
 ",a("span",{},l("stage.mask_pass"))),this.art=x("svg",{class:"mask-art",role:"listbox","aria-label":l("stage.mask_labe\
l"),"data-test":"mask"}),this.note=a("p",{class:"mask-note"}),this.reads=a("p",{class:"mask-reads","data-test":"mask-re\
ads"}),this.box=a("div",{class:"mask-box",id:t},this.title,a("div",{class:"mask-scroll"},this.art),a("div",{class:"mask\
-words"},this.note,this.reads)),this.node=a("aside",{class:"mask"},this.fold,this.box),this.rows=[],this.art.addEventListener(
"keydown",e=>this.walk(e))}static measure(t,e){let i=t<=ns,n=e<fi?is-2:is,r=i?n*ss+12:8,o=mi.filter(([c])=>t<=c&&(!i||c<=
ns)).map(([,c,h])=>({cell:c,gap:h,pitch:c+h,letters:n,labelled:i,labels:r,width:r+(t+1)*(c+h)+h+12}));return o.find(({width:c})=>c<=
e)||o[o.length-1]}layout({beside:t,longest:e,room:i,branching:n}){let r=[t,e,i,n].join();this.asked!==r&&(this.asked=r,
this.beside=t,this.longest=e,this.node.classList.toggle("is-beside",t),this.fold.hidden=t,this.title.hidden=!t,this.size=
s.measure(e,i),w(this.note,l(n?"stage.mask_tree":"stage.mask_chain")),this.drawn=null,this.show())}toggle(){this.open=!this.
open,this.show(),this.run&&this.draw(this.run,this.index),this.open&&this.onOpen&&this.onOpen()}shown(){return this.beside||
this.open}show(){this.box.hidden=!this.shown(),this.fold.setAttribute("aria-expanded",String(this.open)),this.fold.classList.
toggle("is-open",this.open)}draw(t,e){if(Object.assign(this,{run:t,index:e}),!this.shown()||this.drawn===t.rounds[e])return;
let{draft:i}=t.rounds[e];this.drawn=t.rounds[e];let{pitch:n,labels:r,width:o,labelled:c,letters:h}=this.size,d=c?h*ss+8:
8,p=d+this.longest*n+6;B(this.art,{viewBox:`0 0 ${o} ${p}`,width:o,height:p});let u=v=>r+(v+1)*n+(v>=0?this.size.gap:0),
g=i.map(v=>rs(v.piece,h)),b=c&&i.length?[rs(l("stage.mask_text"),h+2),...g].map((v,_)=>this.column(v,u(_-1)+this.size.cell/
2,d-8,e,_-1,i)):[];this.rows=i.map((v,_)=>this.row(v,_,g[_],{x:u,y:d+_*n,labelled:c})),this.art.replaceChildren(...b,...this.
rows),this.node.classList.toggle("is-empty",!i.length);let{key:$}=this;this.key=null,this.tell($)}column(t,e,i,n,r,o){let c=r<
0?{class:"mask-word is-text"}:{class:`mask-word is-${o[r].verdict}`,"data-token":`${n}:${r}`};return x("text",{...c,transform:`\
translate(${e} ${i}) rotate(-90)`,dy:".35em","aria-hidden":"true"},t)}row(t,e,i,{x:n,y:r,labelled:o}){let{draft:c}=this.
run.rounds[this.index],{cell:h,pitch:d,labels:p,width:u}=this.size,g=q(c,e),b=new Set(g),$=Math.min(4,h/4),v=(O,A)=>x("\
rect",{class:`mask-cell ${A}`,x:n(O),y:r,width:h,height:h,rx:$}),_=l("stage.mask_row",{token:j(t.piece),seen:g.slice(0,
-1).map(O=>j(c[O].piece)).join(", ")||l("stage.mask_none")}),S=(O,A)=>x("rect",{class:O,x:1,y:r-(d-h)/2-A,width:u-2,height:d+
2*A,rx:5});return x("g",{class:`mask-row is-${t.verdict}`,role:"option",tabindex:"-1","aria-selected":"false","aria-lab\
el":_,"data-token":`${this.index}:${e}`},S("mask-hit",0),o?x("text",{class:`mask-word is-${t.verdict}`,x:p-4,y:r+h/2,dy:"\
.35em","text-anchor":"end"},i):null,v(-1,"is-text"),c.map((O,A)=>o||b.has(A)?v(A,b.has(A)?"is-seen":""):null),S("mask-r\
ing",-1))}beat(t){this.node.classList.toggle("is-judged",t)}tell(t){let e=this.key===t;if(this.key=t,!this.shown()||!this.
drawn||e)return;let i=this.rows.findIndex(n=>n.dataset.token===t);this.rows.forEach((n,r)=>{n.setAttribute("aria-select\
ed",String(r===i)),n.classList.toggle("is-lit",r===i),n.setAttribute("tabindex",r===Math.max(0,i)?"0":"-1")}),w(this.reads,
i<0?l("stage.mask_point"):l("stage.mask_reads",{text:gi(this.run,this.index,i)}))}walk(t){let e={ArrowDown:1,ArrowUp:-1}[t.
key],i=this.rows[this.rows.indexOf(document.activeElement)+e];!e||!i||(t.preventDefault(),i.focus())}};var bi=["accepted","rejected","discarded"],os=(s,t,e)=>{let i=d=>t.draft.filter(p=>p.verdict===d).length,n=d=>[d,a("spa\
n",{class:`of-${d}`},k(d),l(`stage.ledger_${d}`,{n:i(d)}))],r=a("span",{class:"tree-ledger ledger","data-test":"tree-le\
dger"});T(r,"stage.ledger",{...Object.fromEntries(bi.map(n)),drafted:t.draft.length});let o=a("span",{class:"tree-walk"});
W(`stage.walk_${e}`)&&T(o,`stage.walk_${e}`,{p:a("var",{class:"of-p"},"p")});let h=cs(s,t).filter(({note:d})=>d).map(({
title:d,note:p})=>`${d}: ${p}`).join(" · ");return[o,r,a("span",{class:"tree-cost"},h)]},as=(s,t)=>{let e={kind:"write\
s",title:l("stage.row_writes"),note:t.final?l("stage.writes_same"):""};return[...cs(s,t),e].map(({kind:i,title:n,note:r})=>a(
"div",{class:`row-label row-${i}`},a("span",{},n),a("small",{},r)))},cs=(s,t)=>[{kind:"guesses",title:l(`stage.row_${K(
s.header,t)}`),note:wi(t)},{kind:"checks",title:l("stage.row_checks"),note:xi(t)}],wi=({passes:s,seconds:t})=>{if(!s||!t)
return"";let e=Dt(t.draft);return s.draft?l("stage.guess_passes",{n:s.draft,time:e}):l("stage.guess_no_pass",{time:e})},
xi=({passes:s,seconds:t})=>{if(!s||!t)return"";let e=Dt(t.verify);return s.target===1?l("stage.check_pass",{time:e}):l(
"stage.check_passes",{n:s.target,time:e})},ls=(s,t)=>{let e=s.draft.length;if(!e||!s.final||e>t-1)return[];let i=s.final.
verdict==="bonus";return[a("p",{class:"free","data-kept":i,style:`--i:${e}`},l("stage.free",{n:e}))]};var ie=30,Lt={roomy:{pitch:70,gap:58,chip:40,below:24},slim:{pitch:54,gap:40,chip:26,below:24},dense:{pitch:31,gap:44,chip:26,
below:8},list:{pitch:46,gap:20,chip:40,below:0}},yi=30,vi=8,_i=128,ki=8,$i=18;function Mi(s,t){let e=t>0?X(s.rounds[t-1]):
[],i=!ot(s)&&s.header.prompt.tokens||[];return e[e.length-1]||i[i.length-1]||null}var Ei=(s,t)=>{let e=s.x+(t.x-s.x)*.55;
return`M${s.x} ${s.y}C${e} ${s.y} ${e} ${t.y} ${t.x} ${t.y}`},Si=s=>s.querySelector(".chip").offsetWidth,ji=(s,t)=>`M${s.
x} ${s.y}V${t.y-8}q0 8 8 8H${t.x}`,ft=class s{resting=!1;run;counted;rows;most;size;tallest;placed;parents;tree;root;nodes;names;lines;path;constructor(){
this.heads=a("div",{class:"tree-heads","aria-hidden":"true"}),this.edges=x("svg",{class:"tree-edges","aria-hidden":"tru\
e"}),this.sweep=a("span",{class:"tree-sweep"}),this.canvas=a("div",{class:"tree-canvas"}),this.node=a("div",{class:"tre\
e-box",tabindex:"-1"},this.canvas)}rest(t){this.resting!==t&&(this.placed=!1),this.resting=t}layout(t,e,i){for(this.run!==
e&&Object.assign(this,{run:e,counted:0,rows:1,most:0});this.counted<e.rounds.length;this.counted++){let h=Qt(e.rounds[this.
counted]);this.most=Math.max(this.most,h.length),this.rows=Math.max(this.rows,Zt(h).rows)}let{rows:n,most:r}=this,o=s.width(
e)>t,c=i&&r<=$i?"list":n>ki?"dense":o?"slim":"roomy";this.size=c,this.tallest=c==="list"?(r+1)*Lt.list.pitch:this.height(
n),this.node.dataset.size=c,this.placed=!1}static width(t){return 70+(t.deepest+1)*_i}height(t){let{pitch:e,chip:i,below:n}=Lt[this.
size];return ie+(t-1)*e+i+n}draw(t,e,i){let n=t.rounds[e],r=this.size==="list";this.parents=Qt(n),this.tree=r?Ce(this.parents):
Zt(this.parents);let o=Mi(t,e);this.root=a("div",{class:"tree-root"},o?I(o,"plain"):a("span",{class:"chip is-plain"},"…")),
this.nodes=i;let c=[...n.draft.map(p=>p.verdict),...n.final?[n.final.verdict]:[]];this.lines=c.map((p,u)=>x("path",{class:`\
edge is-${p}`,style:`--i:${u}`,"data-at":u<n.draft.length?null:"final"}));let h={discarded:0,rejected:1,accepted:2};this.
edges.replaceChildren(...this.lines.map((p,u)=>[h[c[u]]??3,p]).sort(([p],[u])=>p-u).map(([,p])=>p)),this.names=Array.from(
{length:this.tree.depth},(p,u)=>a("span",{"data-at":u<rt(n.draft)?null:"final"},l("stage.depth",{depth:u+1}))),this.heads.
replaceChildren(...this.names);let d=i.map((p,u)=>[r?this.tree.nodes[u].row:u,p]).sort(([p],[u])=>p-u);this.canvas.replaceChildren(
this.heads,this.edges,this.sweep,this.root,...d.map(([,p])=>p)),this.path=c.map((p,u)=>[p,u]).filter(([p])=>!["rejected",
"discarded"].includes(p)).map(([,p])=>p),this.placed=!1}measure(){if(this.placed||!this.tree)return null;let t=[...this.
nodes,this.root].map(Si);return{chips:t,root:t.pop(),room:this.node.clientWidth-vi}}settle(t){!t||!(t.room>0)||(this.placed=
!0,this.size==="list"?this.placeList(t):this.placeTree(t))}placeTree({chips:t,root:e,room:i}){let{pitch:n,gap:r,chip:o}=Lt[this.
size],c=[e];this.tree.nodes.forEach((v,_)=>{c[v.depth]=Math.max(c[v.depth]||0,t[_])});let h=i-c.reduce((v,_)=>v+_,0)-r*
this.tree.depth,d=r+Math.min(24,Math.max(yi-r,h/Math.max(1,this.tree.depth))),p=c.map((v,_)=>c.slice(0,_).reduce((S,O)=>S+
O+d,0)),u=this.resting?this.height(this.tree.rows):this.tallest,g=Math.max(0,u-this.height(this.tree.rows))/2,b=({depth:v,
row:_})=>({x:p[v],y:ie+g+_*n}),$=p[p.length-1]+c[c.length-1];this.put(b,{width:$,height:u}),this.names.forEach((v,_)=>{
v.style.left=`${p[_+1]}px`}),this.tree.nodes.forEach((v,_)=>{let S=this.parents[_],O=S<0?b(this.tree.root):b(this.tree.
nodes[S]),A={x:O.x+(S<0?e:t[S]),y:O.y+o/2},me=b(v);this.lines[_].setAttribute("d",Ei(A,{x:me.x,y:me.y+o/2}))}),this.look(
b,this.path.map(v=>this.tree.nodes[v]))}placeList({room:t}){let{pitch:e,gap:i,chip:n}=Lt.list,r=Math.min(i,Math.max(8,(t-
220)/Math.max(1,this.tree.depth))),o=({depth:h,row:d})=>({x:h*r,y:d*e}),c=this.resting?this.nodes.length+1:this.tallest/
e;this.put(o,{width:t,height:c*e}),this.tree.nodes.forEach((h,d)=>{let p=o(this.parents[d]<0?this.tree.root:this.tree.nodes[this.
parents[d]]),u=o(h);this.lines[d].setAttribute("d",ji({x:p.x+r/2,y:p.y+n},{x:u.x,y:u.y+n/2})),this.nodes[d].style.maxWidth=
`${t-u.x}px`,this.nodes[d].style.width=`${t-u.x}px`})}put(t,{width:e,height:i}){let n=(r,{x:o,y:c})=>{r.style.left=`${o}\
px`,r.style.top=`${c}px`};this.canvas.style.width=`${e}px`,this.canvas.style.height=`${i}px`,this.edges.setAttribute("w\
idth",e),this.edges.setAttribute("height",i),n(this.root,t(this.tree.root)),this.nodes.forEach((r,o)=>n(r,t(this.tree.nodes[o])))}look(t,e){
let{node:i,tree:n}=this,r=[n.root,...e].map(p=>t(p).y),[o,c]=[Math.min(...r),Math.max(...r)],h=c-o<i.clientHeight-ie;i.
scrollHeight>i.clientHeight+2&&(i.scrollTop=(h?(o+c)/2:r[r.length-1])-i.clientHeight/2);let d=e.length?t(e[e.length-1]).
x:0;i.scrollWidth>i.clientWidth+2&&(i.scrollLeft=d-i.clientWidth*.6)}};var Oi=6,Ai=8,Ti=40,Ri=560,Nt=class{run;round;index;plain;stale;columns;width;bracket;chips;constructor(){this.title=a(
"h2",{class:"round-title"}),this.first=a("b"),this.second=a("span"),this.beats=tt.map(t=>a("li",{class:"beat"},l(`stage\
.beat_${t}`))),this.plan=a("p",{class:"plan","data-test":"plan",hidden:!0}),this.grid=a("div",{class:"guesses",role:"gr\
oup","data-test":"round"}),this.tree=new ft,this.mask=new ut,this.foot=a("p",{class:"tree-foot"}),this.body=a("div",{class:"\
round-body"},this.grid),this.head=a("div",{class:"round-head"},this.title,a("p",{class:"sentence","data-test":"sentence"},
this.first," ",this.second),a("ol",{class:"beats","aria-hidden":"true"},this.beats)),this.node=a("section",{class:"roun\
d"},this.head,this.plan,this.body,this.foot),this.chips=new Map,this.tallest=0,this.highest=0}relax(){this.tallest=this.
highest=0,this.grid.style.minHeight=this.head.style.minHeight=""}layout(t,e){let{longest:i}=e,n=Math.max(5,i+1),r=i<=Oi&&
t>=150+n*118,o=e.branched?"tree":r?"columns":i<=Ai?"rows":"cells";this.grid.dataset.layout==="tree"!==e.branched&&(this.
stale=!0),(this.grid.dataset.layout!==o||this.columns!==n||this.width!==t)&&this.relax(),this.width=t,this.columns=n,this.
grid.dataset.layout=o,this.grid.style.setProperty("--columns",String(n)),this.grid.classList.remove("is-tight"),this.plan.
hidden=e.header.settings.draft_length!=="auto",this.foot.hidden=!e.branched,this.layoutMask(t,e)}layoutMask(t,e){let i=t-
ft.width(e)-Ti,n=e.branched&&i>=300&&ut.measure(e.longest,i).width<=i,r=!e.longest||R(e.header);this.mask.node.hidden=r;
let o=this.tree.size;e.branched&&this.tree.layout(t,e,t<Ri),this.tree.size!==o&&(this.stale=!0),this.mask.layout({beside:n,
longest:e.longest,room:n?i:t,branching:e.branched}),this.body.classList.toggle("has-mask",n);let c=n?this.body:this.node;
this.mask.node.parentNode!==c&&c.append(this.mask.node)}draw(t,e){let i=t.rounds[e],{rule:n}=t.header.settings;this.plain=
R(t.header),Object.assign(this,{run:t,round:i,index:e}),this.chips.clear(),w(this.title,l("stage.round",{round:e+1})),this.
node.classList.toggle("is-plain",this.plain),B(this.grid,{"data-plain":String(this.plain),"data-drafted":i.draft.length}),
this.grid.style.setProperty("--n",String(i.draft.length)),this.grid.classList.remove("is-tight"),this.tellPlan(i.plan),
this.grid.dataset.layout==="tree"?this.drawTree(t,e,n):this.drawChain(t,i,n),this.stale=!1}tellPlan(t){if(!t)return w(this.
plan,l("stage.plan_none"));let e=t.gain===null?"":t.gain.toFixed(2),i={length:t.draft_length,share:(100*t.acceptance).toFixed(
0),gain:e};w(this.plan,l(`plan.${t.kind}`,i))}drawChain(t,e,i){let n=e.draft.findIndex(c=>c.verdict==="rejected"),r=e.draft.
map((c,h)=>{let d=Yt(c,i,Mt(t.header.settings,e,c));return se(this.guessChip(c,h),c,h,d)}),o=n>=0?n:e.draft.length;if(e.
final){let c=ts(this.finalChip(e.final),e,o,this.columns,this.plain);r.splice(e.final.verdict==="correction"?o+1:r.length,
0,c)}this.bracket=a("div",{class:"bracket",hidden:!e.draft.length},a("span",{class:"sweep"})),this.grid.removeAttribute(
"aria-label"),this.grid.replaceChildren(...this.plain?[]:as(t,e),this.bracket,...r,...ls(e,this.columns))}drawTree(t,e,i){
let{round:n}=this,r=this.tree.size==="dense",o=r||this.tree.size==="slim",c=n.draft.map((h,d)=>{let p=r?[]:Yt(h,i,Mt(t.
header.settings,n,h),!0);return se(this.guessChip(h,d,{mark:!0,small:o}),h,d,p,!0)});n.final&&c.push(es(this.finalChip(
n.final,o),n.final,c.length,r)),this.tree.draw(t,e,c),this.grid.setAttribute("aria-label",l("stage.tree_label",{n:n.draft.
length,depth:rt(n.draft)})),this.grid.replaceChildren(this.tree.node),this.foot.replaceChildren(...os(t,n,i)),this.foot.
classList.toggle("is-empty",!n.draft.length)}guessChip(t,e,i={}){return this.remember(String(e),n=>Ye(n,t,i))}finalChip(t,e=!1){
return this.remember("f",i=>Xe(i,t,e))}remember(t,e){let i=`${this.index}:${t}`,n=e(i);return this.chips.set(i,n),n}beat(t,e,{
still:i}){this.stale&&this.draw(t,this.index),this.mask.draw(t,this.index),this.node.dataset.beat=tt[e],this.node.classList.
toggle("is-still",i),this.beats.forEach((c,h)=>c.classList.toggle("is-now",h===e));let[n,r]=kt(t,this.round,e);w(this.first,
n),w(this.second,r);let o=e>=2;this.mask.beat(o),this.round.draft.forEach((c,h)=>{let d=this.chip(h);d.classList.toggle(
"is-pending",!o),d.classList.toggle(`is-${c.verdict}`,o),d.setAttribute("aria-label",this.named(c,h,o))})}chip(t){return this.
chips.get(`${this.index}:${t}`)}named(t,e,i){let n={token:j(t.piece),n:e+1,of:this.round.draft.length,verdict:l(`stage.${t.
verdict}`)};if(this.grid.dataset.layout!=="tree")return l(i?"stage.chip_label":"stage.chip_pending",n);let r=this.round.
draft[t.parent],o={depth:q(this.round.draft,e).length,parent:r?j(r.piece):l("stage.root")};return l(i?"stage.node_label":
"stage.node_pending",{...n,...o})}focusedPlace(){let t=document.activeElement;return!t||!this.grid.contains(t)?null:[...this.
chips.values()].indexOf(t)}refocus(t){if(t===null)return;let e=[...this.chips.values()];e[Math.min(Math.max(0,t),e.length-
1)]?.focus({preventScroll:!0})}tell(t){this.mask.tell(t)}refit(){return this.tree.placed=!1,this}measure(){if(!this.round)
return null;let{grid:t,round:e}=this,i=this.head.offsetHeight;if(t.dataset.layout==="tree")return{head:i,tree:this.tree.
measure()};let n=t.dataset.layout==="columns",r=e.final?this.chip("f"):null,[o,c]=n&&e.draft.length?[this.chip(0),this.
chip(e.draft.length-1)]:[];return{head:i,tight:n&&t.scrollWidth>t.clientWidth,bracket:o&&c?`${c.offsetLeft+c.offsetWidth-
o.offsetLeft}px`:"",chip:r?r.offsetWidth:0,height:t.offsetHeight}}settle(t){if(t){if(t.head>this.highest&&(this.highest=
t.head,this.head.style.minHeight=`${t.head}px`),"tree"in t)return this.tree.settle(t.tree);t.tight&&(this.grid.classList.
add("is-tight"),t={...this.measure(),tight:!1}),this.bracket.style.width=t.bracket,this.grid.style.setProperty("--chip",
`${t.chip}px`),!(t.height<=this.tallest)&&(this.tallest=t.height,this.grid.style.minHeight=`${t.height}px`)}}};var ps=".chip[data-token], .mask-row",hs=({target:s})=>s instanceof Element&&s.matches(ps),ds=s=>Number(s.split(":")[0]),
Ct=class{wished={hover:null,focus:null,pin:null};over=!1;explained=null;run;explainedRun;constructor(t,e,i,n,r){this.stage=
t,this.round=e,this.why=i,this.head=n,this.listener=r,this.listen()}listen(){let{stage:t}=this;t.addEventListener("poin\
terover",e=>{e.pointerType!=="touch"&&this.point("hover",e)}),t.addEventListener("pointerout",e=>{e.relatedTarget?.closest?.(
"[data-token]")||this.point("hover",null)}),t.addEventListener("focusin",e=>{hs(e)&&this.point("focus",e)}),t.addEventListener(
"focusout",e=>{hs(e)&&this.point("focus",null)}),t.addEventListener("click",e=>this.press(e))}forget(){this.wished={hover:null,
focus:null,pin:null}}get pinned(){return this.wished.pin}isHeld(t=!1){let e=document.activeElement;return this.over||t&&
(this.round.grid.contains(e)||this.why.node.contains(e))}key(){let{pin:t,hover:e,focus:i}=this.wished;for(let n of[e,t,
i])if(n&&at(this.run,n))return n;return He(this.run,this.head,this.head.moving)}explain(){let t=this.key(),e=`${t}|${this.
wished.pin}|${this.head.round}`;(this.explained!==e||this.explainedRun!==this.run)&&(this.explained=e,this.explainedRun=
this.run,t?this.show(t):this.why.wait(this.head.round)),this.light(t)}show(t){let e=n=>{let r=Xt(this.run,t,n);return r?
at(this.run,r)?.token:null},i=this.wished.pin===t;this.why.show(at(this.run,t),e(-1),e(1),{pinned:i,here:this.head.round})}relight(){
this.light(this.explained?this.key():null)}light(t){this.round.tell(t);for(let e of this.stage.querySelectorAll(".is-li\
t"))e.dataset.token!==t&&e.classList.remove("is-lit");if(t)for(let e of this.stage.querySelectorAll(`[data-token="${t}"\
]`))e!==this.why.node&&e.classList.add("is-lit")}step(t){let e=this.key(),i=e&&Xt(this.run,e,t);i&&this.pinTo(i)}pinTo(t){
this.wished.pin=t,this.wished.hover=null,this.listener.onVisit(ds(t))}release(){let t=this.why.pin===document.activeElement;
this.wished.pin=null,this.refresh(),t&&this.listener.onReleased()}refresh(){this.explain(),this.listener.onChange()}point(t,e){
if(!this.run)return;let i=e?.target.closest?e.target.closest("[data-token]"):null,n=i&&i!==this.why.node&&this.stage.contains(
i)?i.dataset.token:null;t==="hover"&&(this.over=!!n&&i.matches(".guesses .chip, .mask-row")),this.wished[t]!==n&&(this.
wished[t]=n,t==="focus"&&n&&(this.wished.hover=null),this.refresh())}press(t){let e=this.run&&t.target.closest("[data-t\
oken]");if(!e||e===this.why.node||e.closest(".chart"))return;let i=e.dataset.token;if(this.wished.pin===i)return this.release();
if(ds(i)!==this.head.round||!e.matches(ps))return this.pinTo(i);this.wished.pin=i,this.refresh(),this.head.hold()}};var Bt=128,Li=64,ne=60,Ni=/[\u202a-\u202e\u2066-\u2069]/;function Ci(s,t){let e=s.text.length-s.text.trimStart().length,
i=Ni.test(s.text)?" is-apart":"";return a("span",{class:`token is-${s.verdict}${i}`,"data-token":t},s.text.slice(0,e),a(
"span",{class:"under"},s.text.slice(e)))}function Bi(s,t){let e=t.firstElementChild,i=e?.querySelector(".under").getClientRects()[0],
n=s.getClientRects();return!!(i&&n.length&&!/^\s*\n/.test(e.textContent))&&i.top>=n[n.length-1].bottom}var zt=class{rounds;hidden;parted;shown;now;expanded;sweeping;constructor(){
this.prompt=a("span",{class:"text-prompt"}),this.body=a("span",{class:"text-body"}),this.ending=a("span",{class:"text-e\
nding tag is-future"}),this.caret=a("span",{class:"caret","aria-hidden":"true"}),this.flow=a("p",{class:"text-flow",dir:"\
auto","data-test":"text"},this.prompt,this.body," ",this.ending,this.caret),this.box=a("div",{class:"text-box",role:"gr\
oup","aria-label":l("stage.text")},this.flow),this.all=a("button",{type:"button",class:"text-all",hidden:!0,"aria-expan\
ded":"false",on:{click:()=>this.expand()}}),this.node=a("div",{class:"text"},this.box,this.all),this.clear()}clear(){clearTimeout(
this.sweeping),this.rounds=[],this.hidden=[],this.parted=0,this.shown=0,this.now=null,this.body.replaceChildren(),w(this.
ending,""),this.expand(!1)}build(t){w(this.prompt,t.header.prompt.text),this.prompt.classList.toggle("is-source",ot(t));
let e=document.createDocumentFragment();for(let i=this.rounds.length;i<t.rounds.length;i++){let n=zi(t.rounds[i],i).map(
([o,c])=>Ci(o,c)),r=a("span",{class:"text-round is-future"},n);this.rounds.push(r),this.hidden.push(!0),e.append(r)}this.
body.append(e)}whole(t){this.node.classList.toggle("is-whole",t)}show(t,e){this.shown=t,clearTimeout(this.sweeping),this.
reveal(t-ne,t+ne,1/0),this.sweep();let i=t>0?this.rounds[t-1]:this.prompt;this.now!==i&&(this.now&&this.now.classList.remove(
"is-now"),this.now=i),i.classList.toggle("is-now",e&&t>0)}reveal(t,e,i){let n=Math.min(e,this.rounds.length);for(let r=Math.
max(0,t);r<n;r++){let o=r>=this.shown;if(this.hidden[r]!==o){if(i--<=0)return!0;this.hidden[r]=o,this.rounds[r].classList.
toggle("is-future",o)}}return!1}sweep(){this.hidden.some((t,e)=>t!==e>=this.shown)&&(this.sweeping=setTimeout(()=>{this.
reveal(0,this.rounds.length,ne),this.sweep()},0))}end(t,e){w(this.ending,t),this.ending.classList.toggle("is-future",!e||
!t)}measure(){let{box:t,flow:e,now:i}=this,n=i?i.getClientRects():[];if(!n.length)return null;let r={first:n[0],last:n[n.
length-1],flow:e.getBoundingClientRect(),box:t.getBoundingClientRect(),line:Number.parseFloat(getComputedStyle(e).lineHeight)},
o=this.expanded||t.scrollHeight>t.clientHeight+2;return{...r,tall:o,cuts:r.flow.width===this.width?this.cuts():[]}}cuts(){
let{rounds:t}=this,e=[],i=r=>Bi(t[r-1],t[r]),n=this.parted;for(;t.length-n>=Bt+Li;){let r=n?n+Bt:1;if(n)for(;r>n&&!i(r);)
r--;else for(;r<Bt&&!i(r);)r++;if(r===n||r===Bt)break;e.push(r),n=r}return e}part(t){for(let e of t){let i=this.rounds[e],
n=i.firstElementChild?.firstChild;if(n instanceof Text&&i.before(n),this.parted){let r=a("span",{class:"text-part"});this.
rounds[this.parted].before(r);for(let o=r.nextSibling;o&&o!==i;o=r.nextSibling)r.append(o)}this.parted=e}}join(t){this.
width=t;for(let e of this.body.querySelectorAll(".text-part"))e.replaceWith(...e.childNodes);this.parted=0}settle(t){if(!t)
return;let{first:e,last:i,flow:n,box:r,line:o}=t;n.width!==this.width&&this.join(n.width),this.part(t.cuts),this.caret.
style.transform=`translate(${i.right-n.left+2}px, ${i.top-n.top}px)`,this.caret.style.height=`${i.height}px`,this.all.hidden=
!t.tall,this.node.classList.toggle("is-tall",t.tall),t.tall&&!this.expanded?this.box.tabIndex=0:this.box.removeAttribute(
"tabindex"),!(this.expanded||!t.tall)&&this.scrollTo((e.top-n.top)/o,(i.bottom-n.top)/o,o,r.height)}scrollTo(t,e,i,n){let r=Math.
ceil(Math.ceil(e)-n/i),o=Math.round(this.box.scrollTop/i);o<r?this.box.scrollTop=r*i:Math.floor(t)<o&&(this.box.scrollTop=
Math.floor(t)*i)}expand(t=!this.expanded){this.expanded=t,this.node.classList.toggle("is-open",t),this.all.setAttribute(
"aria-expanded",String(t)),w(this.all,l(t?"stage.show_less":"stage.show_all")),this.settle(this.measure())}span(t){return this.
body.querySelector(`[data-token="${t}"]`)}};function zi(s,t){let e=new Map(s.draft.map((i,n)=>[i,`${t}:${n}`]));return s.
final&&e.set(s.final,`${t}:f`),X(s).map(i=>[i,e.get(i)])}var Pt=class{formulas;asked;constructor(){this.lead=a("b"),this.rest=a("span"),this.totals=["acceptance","per_pass","ef\
ficiency"].map(t=>this.total(t)),this.ledger=a("p",{class:"ledger","data-test":"ledger"}),this.ending=a("p",{class:"end\
ing","data-test":"ending"}),this.formula=a("p",{class:"total-formula","aria-live":"polite"}),this.node=a("section",{class:"\
totals","data-test":"totals"},a("p",{class:"totals-title"},this.lead," ",this.rest),a("div",{class:"totals-row"},this.totals.
map(t=>t.node)),this.ledger,this.ending,this.formula)}total(t){let e=a("span",{class:"total-value"}),i=a("span",{class:"\
total-count"}),n=a("span",{class:"total-name"},l(`stage.${t}`)),r=()=>this.explain(t),o=()=>this.explain(null),c=a("but\
ton",{type:"button",class:"total","data-total":t,on:{focus:r,pointerenter:r,blur:o,pointerleave:o,click:r}},e,n,i);return{
kind:t,node:c,value:e,count:i,name:n}}explain(t){this.asked=t,w(this.formula,t&&this.formulas?this.formulas[t]:"")}show(t,e){
let i=G(t,e),n=_t(i),r=i.accepted+i.refusals,o=l("stage.none_yet"),c=b=>b===null?o:M(b),h=n.perPass===null?o:n.perPass.
toFixed(1);w(this.lead,e===0?l("stage.totals_none"):e===1?l("stage.totals_one"):l("stage.totals_rounds",{n:e})),w(this.
rest,l("stage.totals_of",{rounds:t.rounds.length}));let d=R(t.header),p=(b,$,v)=>{w(this.totals[b].value,$),w(this.totals[b].
count,v),this.totals[b].node.hidden=d&&b!==1},u=dt(t.header)?"":"_kept";w(this.totals[0].name,l(`stage.acceptance${u}`)),
p(0,c(n.acceptance),l("stage.acceptance_count",{accepted:i.accepted,judged:r})),p(1,h,l("stage.per_pass_count",{tokens:i.
tokens,n:i.passes})),p(2,c(n.efficiency),l("stage.efficiency_count",{accepted:i.accepted,drafted:i.drafted})),this.formulas=
{acceptance:l(`stage.acceptance${u}_formula`,{accepted:i.accepted,judged:r,share:c(n.acceptance)}),per_pass:l("stage.pe\
r_pass_formula",{tokens:i.tokens,passes:i.passes,value:h}),efficiency:l("stage.efficiency_formula",{accepted:i.accepted,
drafted:i.drafted,share:c(n.efficiency)})},this.explain(this.asked||null),this.ledger.hidden=d;let g=b=>a("span",{class:`\
of-${b}`},k(b),l(`stage.ledger_${b}`,{n:i[b]}));T(this.ledger,"stage.ledger",{accepted:g("accepted"),rejected:g("reject\
ed"),discarded:g("discarded"),drafted:i.drafted})}};var Pi=[[.5,"½×"],[1,"1×"],[2,"2×"],[4,"4×"]],qt=class{constructor(t){let e=o=>a("button",{type:"button",class:`st\
ep step-${o}`,"data-test":o,"aria-label":l(`stage.${o}`),title:l(`stage.${o}`),on:{click:t[o]}},k(o));this.playButton=e(
"play"),this.playButton.append(k("pause")),this.slider=a("input",{type:"range",class:"slider",min:1,max:4,step:1,value:1,
"aria-label":l("stage.playhead"),"data-test":"playhead",on:{input:()=>t.scrub(Number(this.slider.value))}}),this.ticks=
[x("path",{}),x("path",{})];let i=(o,c)=>x("svg",{class:`ruler ruler-${o}`,preserveAspectRatio:"none","aria-hidden":"tr\
ue"},c);this.rulers=[i("ahead",this.ticks[0]),i("past",this.ticks[1])],this.position=a("span",{class:"position","data-t\
est":"position"});let n=Pi.map(([o,c])=>a("option",{value:o,selected:o===1},c)),r=a("select",{class:"pick","aria-label":l(
"stage.speed"),"data-test":"speed",on:{change:()=>t.speed(Number(r.value))}},n);this.node=a("div",{class:"transport",role:"\
group"},e("first"),e("previous"),this.playButton,e("next"),e("last"),a("div",{class:"scrub"},this.rulers,this.slider),this.
position,a("span",{class:"picker"},r,k("next")))}place({round:t,beat:e},i){let n=t*4+e+1;this.slider.value=String(n),this.
slider.setAttribute("aria-valuetext",l("stage.playhead_value",{round:t+1,rounds:i,beat:l(`stage.beat_${tt[e]}`)}));let r=(n-
1)/Math.max(1,i*4-1);this.rulers[1].style.clipPath=`inset(0 ${(100-r*100).toFixed(3)}% 0 -2px)`,w(this.position,l("stag\
e.position",{round:t+1,rounds:i}))}scale(t){let e=t*4-1,i=Math.max(1,this.slider.clientWidth),n=[1,5,10,50,100,500,1e3].
find(o=>i*o/t>9)||5e3,r=`M0 8H${e}M0 3V13`;for(let o=n;o<=t;o+=n)r+=`M${o*4-1} 3V13`;this.slider.max=String(t*4);for(let[
o,c]of this.rulers.entries())c.setAttribute("viewBox",`0 0 ${e} 16`),this.ticks[o].setAttribute("d",r)}moving(t){this.playButton.
classList.toggle("is-on",t);let e=l(t?"stage.pause":"stage.play");this.playButton.title!==e&&(this.playButton.title=e,this.
playButton.setAttribute("aria-label",e))}};var E=(s,t="")=>a("b",{class:"of-p"},s===0&&t?l("stage.cut_nothing",{by:t}):y(s)),F=s=>a("b",{class:"of-q"},y(s)),C=()=>a(
"var",{},"u"),f=(s,t)=>T(a("p",{class:"why-sentence"}),s,t),st=(...s)=>a("p",{class:"formula"},s),V=()=>a("span",{class:"\
sign"},"="),m=(s,t=s.verdict)=>I(s,t,{mark:t!=="plain",small:!0}),Ht=s=>Math.min(1,Math.max(0,s)),mt=s=>"parent"in s;function re({
target_prob:s,draft_prob:t},e){let[i,n]=bt(s,t,e,(r,o)=>Math.min(1,r/o));return{p:a("b",{class:"of-p"},i),q:a("b",{class:"\
of-q"},n)}}function Ft(s,t){let{p:e,q:i}=re(s,t),n=a("span",{class:"formula-letters"},"min(1, ",a("i",{},"p"),"/",a("i",
{},"q"),")",V());return st(n,"min(1, ",e," / ",i,")",V(),a("b",{},t))}var oe=()=>a("span",{class:"formula-inline"},"max\
(0, ",a("i",{},"p")," − ",a("i",{},"q"),")");var qi=s=>{let t=a("span",{class:"why-chips"});return s.forEach((e,i)=>t.append(i?" ":"",m(e))),t};function it({token:s,
round:t,branched:e}){if(!e)return[];let{nth:i,of:n,before:r}=Y(t.draft,s);if(n<2)return[];let o=t.draft[s.parent],c=o?m(
o):l("stage.root");return r.length?[f("stage.sibling_later",{nth:i,of:n,parent:c,before:qi(r)})]:[f("stage.sibling_firs\
t",{nth:i,of:n,parent:c})]}var ae=({token:s,round:t})=>{if(s.verdict!=="rejected")return s;let e=t.draft.find(n=>n.parent===s.parent&&n.verdict===
"accepted"),i=s.parent===z(t)&&t.final&&t.final.verdict==="correction";return e||(i?t.final:null)};function us(s){let{token:t,
copied:e,round:i}=s,n=ae(s),r=t.verdict==="accepted",o=r?"match":n?"mismatch":"mismatch_other",c={token:m(t),p:E(t.target_prob),
q:F(t.draft_prob),source:l(`stage.source_${s.family}`)};n&&Object.assign(c,{choice:m(n),best:E(n.target_prob)});let h=n&&
mt(n)&&n!==t,{next:d}=s.branched?Y(i.draft,t):{next:null},p=r?"greedy_kept":h?"greedy_refused_sibling":d?"greedy_refuse\
d_next":n?"greedy_refused":"greedy_refused_end";return[...it(s),f(`stage.greedy_${e?"copied_":""}${o}`,c),a("p",{class:`\
verdict-line of-${t.verdict}`},k(t.verdict),a("b",{},l(r?"stage.equal":"stage.differ"))),f(`stage.${p}`,{choice:n?m(n):
"",next:d?m(d):""})]}function ce(s,t,e,i=0){return a("div",{class:`bar bar-${s}`},a("span",{class:"bar-fill",style:t>0?`width:${t*100}%`:"di\
splay:none"}),a("span",{class:"bar-value",style:i>0?`margin-left:${i*100}%`:null},e))}function Hi(s){let{token:t,rule:e}=s,
i=t.verdict==="accepted"||t.verdict==="rejected"||t.verdict==="discarded",n=t.verdict==="rejected"||t.verdict==="correc\
tion";return{q:e!=="typical"&&e!=="match"?i||t.verdict==="correction":e==="match"&&i,residual:(e==="rejection"||e==="bl\
ock")&&n,ranks:e==="greedy"&&t.verdict!=="discarded",threshold:e==="typical"&&t.rule&&i?t.rule.threshold:null}}function Fi(s,t,e){
let[i,,n,,r]=e;if(t.residual)return r>0?null:l("stage.nothing_left");if(t.threshold!==null)return n>t.threshold?"":l("s\
tage.not_kept");let o=[];if(t.ranks){let h=ae(s);h&&h.id===i&&o.push(l("stage.first_choice"))}let c=s.token.verdict==="\
correction"?s.refused:t.q?s.token:null;return t.ranks&&c&&c.id===i&&o.push(l("stage.drafted")),s.rule==="match"&&s.drawn&&
s.drawn.id===i&&o.push(l("stage.drawn")),o.join(", ")}function Ii(s,t,[e,,i]){let{token:n,round:r,refused:o}=s;if(n.verdict===
"correction"&&o&&o.id===e)return"is-rejected of-rejected";let c=t.threshold!==null&&i<=t.threshold?"is-under":"";return n.
id===e?`${c} is-own is-${n.verdict} of-${n.verdict}`:n===o&&r.final&&r.final.verdict==="correction"&&r.final.id===e?"is\
-own of-correction":c}function Di(s,t,e,i){let[,n,r,o,c]=e,h=l("stage.cut",{by:s.cut}),d={p:r===0&&s.cut?h:y(r),q:o===0&&
s.cut&&!s.copied?h:y(o)},p={token:j(n),...d,residual:M(c)},u=t.residual?"bar_row_residual":t.q?"bar_row_q":"bar_row",g=Fi(
s,t,e);return a("li",{class:`bars-row ${Ii(s,t,e)}`},a("span",{class:"heard"},`${l(`stage.${u}`,p)} ${g||""}`.trim()),a(
"span",{class:"bars-label","aria-hidden":"true"},Q(n,16)),a("div",{class:"bars-pair","aria-hidden":"true"},ce("p",r/i,d.
p,t.threshold===null?0:(Math.min(t.threshold,i)-r)/i),t.q?ce("q",o/i,d.q):null),a("div",{class:"bars-note","aria-hidden":"\
true"},g===null?ce("residual",c,M(c)):g))}function Ui(s){return a("li",{class:"bars-row bars-head","aria-hidden":"true"},
a("span",{}),a("div",{class:"bars-names"},T(a("b",{class:"of-p"}),"stage.bars_target",{p:a("var",{},"p")}),s.q?T(a("b",
{class:"of-q"}),"stage.bars_drafter",{q:a("var",{},"q")}):null),s.residual?a("b",{class:"of-residual"},l("stage.bars_re\
sidual")):a("span",{}))}function Wi(s,t,e){let i=Math.min(1,s/t);return a("li",{class:"bars-row bars-line","aria-hidden":"\
true"},a("span",{}),a("div",{class:"bars-pair"},a("span",{class:"bars-threshold",style:`left:calc((100% - 48px) * ${i.toFixed(
4)});--rows:${e}`},T(a("span",{}),"stage.threshold_line",{threshold:a("b",{},y(s))}))),a("span",{}))}var fs=s=>{let t=Hi(
s),{top:e,tail:i}=s.token,n=Math.max(1e-9,...e.map(h=>Math.max(h[2],t.q?h[3]:0))),r=[E(i[0]),t.q?F(i[1]):null],o=a("li",
{class:"bars-row bars-others"},a("span",{class:"bars-label"},l("stage.others")),a("div",{class:"bars-rest"},r),a("div",
{class:"bars-note"},t.residual?M(Math.min(1,Math.max(0,i[2]))):"")),c=t.threshold===null?null:Wi(t.threshold,n,e.length);
return a("ul",{class:`bars ${c?"has-line":""}`,"data-residual":t.residual,"data-alone":!t.q,"aria-label":l("stage.bars_\
heading")},Ui(t),c,e.map(h=>Di(s,t,h,n)),o)};function lt(s){let{token:t,round:e,copied:i,branched:n,refused:r}=s,o=f(i?"stage.behind_bars_copied":"stage.behind_bars",
{p:E(t.target_prob,s.cut),q:F(t.draft_prob)});if(!n)return[r?f("stage.behind",{token:m(r)}):f("stage.behind_end"),o];let{
draft:c}=e,h=q(c,c.indexOf(t)).map(p=>c[p]).find(p=>p.verdict!=="accepted");if(h.verdict==="rejected")return[f("stage.b\
ehind",{token:m(h)}),o];let d=c.find(p=>p.parent===h.parent&&p.verdict==="accepted");return d?h===t?[f("stage.beside",{
kept:m(d)}),o]:[f("stage.behind_beside",{token:m(h),kept:m(d)}),o]:[f("stage.behind_end"),o]}var Ki=76,le=92,gt=s=>s.coin!==null,he=s=>gt(s)&&s.coin<s.rule.threshold,gs=s=>s.filter(t=>t.verdict==="accepted").length,
ms=s=>gt(s)?l(he(s)?"stage.block_passes":"stage.block_fails"):l("stage.none_yet");function Gi(s,t,{here:e,key:i}){let{product:n,
threshold:r}=s.rule,o=he(s),c=s.draft_prob>0?ge(s.target_prob/s.draft_prob):"–",[h,d]=gt(s)?P(s.coin,r):[l("stage.non\
e_yet"),y(r)],p=e?"is-here":"",u=(_,S,...O)=>a("div",{class:`block-cell block-${S} ${p} ${o?"is-pass":""}`,style:`grid-\
area:${_}/${t+2}`,"aria-hidden":"true"},O),g={n:t+1,token:j(s.piece),coin:h,threshold:d,outcome:ms(s)},b=gt(s)?l("stage\
.block_heard",g):l("stage.block_heard_not",g),$=I(s,s.verdict,{mark:!0,small:!0,attributes:{"data-token":i}}),v=a("div",
{class:"block-bar"},a("span",{class:"block-fill",style:`height:${r*100}%`}),gt(s)?[a("span",{class:"block-coin",style:`\
bottom:${s.coin*100}%`}),a("b",{class:"block-value",style:`bottom:${s.coin*100}%`},h)]:null);return[a("span",{class:"he\
ard"},b),u(1,"chip",$),u(2,"number",c),u(3,"number",y(n)),u(4,"limit",d),u(5,"room",v),u(6,"outcome",ms(s))]}function Vi(s){
let t=gs(s),e=t+(t<s.length&&s[t].verdict==="rejected"?1:0),i=(r,o)=>l(r==="accepted"&&o>1?"stage.block_accepted":`stag\
e.${r}`),n=(r,o,c)=>o>r?[a("div",{class:`block-span is-${c} of-${c}`,style:`grid-area:7/${r+2}/8/${o+2}`},i(c,o-r))]:[];
return[...n(0,t,"accepted"),...n(t,e,"rejected"),...n(e,s.length,"discarded")]}function Ji(s){let{round:t,index:e,token:i,
room:n}=s,{draft:r}=t,o=Math.max(Ki,Math.min(104,(n-le)/r.length)),c=(p,u,...g)=>a("div",{class:`block-name block-name-${u}`,
style:`grid-area:${p}/1`,"aria-hidden":"true"},g),h=()=>a("var",{},"h"),d=()=>a("var",{},"u");return a("div",{class:"bl\
ock",tabindex:r.length*o+le>n?"0":null,role:"group","aria-label":l("stage.block_label")},a("div",{class:"block-grid",style:`\
grid-template-columns:${le}px repeat(${r.length}, ${o}px)`},c(2,"ratio",a("i",{},"p/q")),c(3,"product",l("stage.block_p\
roduct")),c(4,"limit",l("stage.block_threshold")," ",h()),c(5,"scale",a("span",{},"1"),a("span",{class:"block-legend"},
a("span",{class:"block-coin"}),l("stage.block_coin")," ",d()),a("span",{class:"block-legend"},a("span",{class:"block-sw\
atch"}),l("stage.block_threshold")," ",h()),a("span",{},"0")),c(6,"test",d()," < ",h()),r.map((p,u)=>Gi(p,u,{here:p===i,
key:`${e}:${u}`})),Vi(r)))}function Qi({token:s,round:t}){let{draft:e}=t,i=gs(e)-1,n=e.indexOf(s),r={n:n+1,last:i+1,token:m(
s),refused:i+1<e.length?m(e[i+1]):""},o=he(s);return n>i+1?f("stage.block_behind",r):n===i+1?f(n===e.length-1?"stage.bl\
ock_stops":"stage.block_ends",r):t.final?n===i?f("stage.block_last",r):f(o?"stage.block_both":"stage.block_fails_yet",r):
f(o?"stage.block_ended":"stage.block_ended_yet",r)}var bs=s=>{if(s.token.coin===null)return lt(s);let t=s.round.final?[
f("stage.block_writes",{token:m(s.round.final)})]:[];return[f("stage.block_lead",{last:a("b",{},l("stage.block_the_last"))}),
Ji(s),Qi(s),...t]},ws=({token:s,round:t,refused:e})=>{let i=z(t),n=i<0||!t.draft[i].rule?1:t.draft[i].rule.product,r=s.
top.find(p=>p[0]===s.id),o=[f("stage.block_residual",{refused:m(e||s),u:C(),coin:y(s.coin)})];if(!r)return o;let c=a("s\
pan",{class:"formula-letters"},"max(0, ",a("i",{},"P·p")," − ",a("i",{},"q"),")",V()),h=Math.max(0,n*r[2]-r[3]);h>0&&
o.push(st(c,"max(0, ",a("b",{},y(n))," · ",E(r[2])," − ",F(r[3]),")",V(),a("b",{},y(h))));let d=a("b",{class:"of-res\
idual"},M(r[4]));return[...o,f("stage.residual_share",{token:m(s),share:d,p:E(s.target_prob)}),f(i<0?"stage.block_produ\
ct_start":"stage.block_product_here",{product:a("i",{},"P"),value:a("b",{},y(n))})]};function xs(s){let{token:t,round:e,refused:i}=s,n=t.verdict==="accepted"?t:t===i?e.final:null,r=a("b",{},M(t.target_prob)),
o=t.coin===null?"":y(t.coin),c=Math.min(1,t.draft_prob>0?t.target_prob/t.draft_prob:1);return s.drawn=n,[f(n?"stage.mat\
ch_drew":"stage.match_drew_other",{u:C(),coin:o,choice:n?m(n):"",token:m(t)}),a("p",{class:`verdict-line of-${t.verdict}`},
k(t.verdict),a("b",{},l(t.verdict==="accepted"?"stage.equal":"stage.differ"))),f("stage.match_chance",{p:E(t.target_prob,
s.cut),share:r}),f(c>t.target_prob?"stage.match_rival":"stage.match_rival_same",{token:m(t),share:a("b",{},M(c))}),Ft(t,
y(c))]}function ys({token:s}){let e=Object.entries(s.said??{}).map(([i,n])=>a("p",{},l("stage.opaque_said",{name:i,value:JSON.
stringify(n)})));return[f("stage.opaque"),...e]}var U=50;function Zi(s,t,e){let[i,n]=[Math.min(s,t)*e,Math.max(s,t)*e],r=n-i<U?(U-(n-i))/2:0,o=e-U/2,c=Math.min(Math.max(
i-r,U/2),o-U),h=Math.min(Math.max(n+r,c+U),o);return s<=t?{accept:c,coin:h}:{accept:h,coin:c}}function vs(s,t,e,i){let n=p=>`\
left:${Ht(p)*100}%`,o=s>=1?{coin:Math.min(Math.max(t*i,U/2),i-U/2)}:Zi(s,t,i),c=(p,u,g="")=>a("span",{class:`tick ${g}`,
style:`left:${p}px`},u),h=Object.entries(o).map(([p,u])=>c(u,a("b",{},e[p]))),d=p=>Object.values(o).every(u=>Math.abs(p-
u)>U*.8);return d(4)&&h.push(c(0,"0","begins")),d(i-4)&&h.push(c(i,"1","ends")),a("div",{class:"coin",role:"img","aria-\
label":l("stage.coin_bar",{coin:e.coin,share:e.accept})},a("div",{class:"coin-sides"},s>=.1||s===1?a("b",{class:"of-acc\
epted"},l("stage.side_accept")):null,s<1?a("b",{class:"of-rejected",style:s>.86?"right:0":n(s<.1?s:Math.max(s,.12))},l(
"stage.side_reject")):null),a("div",{class:"coin-track"},a("span",{class:"coin-accept",style:`width:${Ht(s)*100}%`}),a(
"span",{class:"coin-reject",style:`left:${Ht(s)*100}%`}),a("span",{class:"coin-head",style:n(t)},a("var",{},"u"))),a("d\
iv",{class:"coin-ticks"},h))}function Yi(s,t){let{token:e,round:i,copied:n,branched:r}=s,o=e.target_prob>=e.draft_prob,c=r&&Y(i.draft,e).before.length>
0,h=e.draft_prob===1&&e.draft_coin===null,d=n?"gave_copied":h?"gave_certain":c?"gave_left":o?"gave_more":"gave_less",p=o&&
d!=="gave_more"?`${d}_sure`:d;return f(`stage.${p}`,{...re(e,t),source:l(`stage.source_${s.family}`)})}var _s=()=>a("b",
{class:"of-residual"},l("stage.residual"));function ks({round:s,branched:t,token:e},i,n){let{next:r}=t?Y(s.draft,e):{next:null};
return r?f(`${i}_next`,{...n,formula:oe(),next:m(r)}):s.final?f(i,{...n,formula:oe(),token:m(s.final)}):f(`${i}_end`,n)}
function Xi(s){let{token:t,cut:e}=s,i={q:F(t.draft_prob),by:e,token:m(t),residual:_s()};return[f("stage.gave_cut",i),ks(
s,"stage.cut_refused",i)]}function $s(s){let{token:t}=s,e=t.coin===null?null:P(t.coin,t.accept_prob),i=e?e[1]:y(t.accept_prob);
if(t.target_prob===0&&s.cut)return[...it(s),...Xi(s)];let n=[...it(s),Yi(s,i),Ft(t,i)];if(!e)return n;n.push(vs(t.accept_prob,
t.coin,{coin:e[0],accept:i},s.room));let r={u:C(),coin:e[0],share:i,token:m(t),residual:_s()};return t.verdict==="accep\
ted"?[...n,f("stage.coin_below",r)]:[...n,ks(s,"stage.coin_not_below",r)]}function Ms(s){let{token:t,refused:e,rule:i,round:n}=s,r=s.branched&&e?n.draft.filter(p=>p.parent===e.parent&&p.verdict===
"rejected").length:1;if(!e)return de(s);if(i==="greedy"){let p={token:m(e),choice:m(t),p:E(t.target_prob),n:r};return[f(
r>1?"stage.from_greedy_tree":"stage.from_greedy",p),f("stage.greedy_same_pass")]}if(i==="match")return[f("stage.from_ma\
tch",{token:m(t),refused:m(e),u:C(),coin:y(t.coin),p:E(t.target_prob)})];let o=t.top.find(p=>p[0]===t.id),c=t.coin===null?
"from_residual_no_coin":r>1?"from_residual_tree":"from_residual",h=[f(`stage.${c}`,{token:m(e),n:r,u:C(),coin:t.coin===
null?"":y(t.coin)})];if(o&&o[2]>o[3]){let p=a("span",{class:"formula-letters"},"max(0, ",a("i",{},"p")," − ",a("i",{},
"q"),")",V()),u=y(o[2]-o[3]),[g,b]=bt(o[2],o[3],u,(_,S)=>_-S),[$,v]=[a("b",{class:"of-p"},g),a("b",{class:"of-q"},b)];h.
push(st(p,"max(0, ",$," − ",v,")",V(),a("b",{},u)))}let d=o?a("b",{class:"of-residual"},M(o[4])):"";return o&&h.push(
f(r>1?"stage.residual_share_tree":"stage.residual_share",{token:m(t),share:d,p:E(t.target_prob)})),h}function de(s){let{
token:t,round:e,alone:i,branched:n}=s,r=e.draft.length,o=t.verdict!=="bonus"?f(i?"stage.plain_why_alone":"stage.plain_w\
hy"):n?f("stage.bonus_why_tree"):f("stage.bonus_why",{n:r}),c={u:C(),token:m(t),p:E(t.target_prob)};return t.coin===null?
[o,f("stage.bonus_greedy",c)]:[o,f("stage.bonus_drawn",{...c,coin:y(t.coin)})]}function tn(s,{epsilon:t,delta:e},i){let n=i.split(".")[1]?.length??0,r=c=>Math.min(t,e*Math.exp(-Number(c))).toFixed(n)===
i,o=[2,3,4,5].map(c=>s.toFixed(c));return o.find(r)??o[0]}function en({token:s,settings:t}){let{threshold:e,entropy:i}=s.
rule,[n,r]=P(s.target_prob,e),o=a("span",{class:"sign"},s.target_prob>e?">":"≤"),c=(...u)=>a("sup",{},"−",u),h=a("s\
pan",{class:"formula-letters"},"min(ε, δ·","e",c(a("i",{},"H")),")",a("span",{class:"sign"},"=")),p=t.epsilon!==void 0&&
t.delta!==void 0&&i!==void 0?["min(",String(t.epsilon),", ",String(t.delta),"·e",c(tn(i,t,r)),")",a("span",{class:"sig\
n"},"=")]:[];return st(a("b",{class:"of-p"},n),o,h,p,a("b",{},r))}function Es(s){let{token:t,round:e}=s,i=t.verdict==="\
accepted",n=t.target_prob>t.rule.threshold,r=i?"typical_kept":n?"typical_shorter":"typical_refused",o=[...it(s),f(`stag\
e.${r}`,{token:m(t)}),en(s),a("p",{class:"formula-note"},l("stage.typical_letters"))];return i?s.branched||s.copied||t.
draft_coin===null||t.draft_prob<=t.target_prob?[...o,Ss("typical_bends",{})]:[...o,Ss("typical_cost",{token:m(t),q:a("b",
{class:"of-q"},M(t.draft_prob)),p:a("b",{class:"of-p"},M(t.target_prob))})]:e.final&&t===s.refused?[...o,f("stage.typic\
al_then",{token:m(e.final)})]:o}function Ss(s,t){let e=f(`stage.${s}`,t);return e.classList.add("is-warning"),e}var js=s=>{
let{token:t,refused:e}=s;if(t.verdict==="correction"){let c={refused:e?m(e):"",token:m(t),p:E(t.target_prob),u:C(),coin:t.
coin===null?"":y(t.coin)};return[f(e?"stage.typical_correction":"stage.typical_correction_end",c),f(t.coin===null?"stag\
e.typical_first":"stage.bonus_drawn",c)]}if(t.verdict!=="discarded")return Es(s);let{draft:i,final:n}=s.round,r=q(i,i.indexOf(
t));return r.some(c=>i[c].verdict==="rejected")||!n&&r.includes(z(s.round))||!(t.target_prob>t.rule.threshold)?lt(s):Es(
s)};var Os=s=>{let{token:t,rule:e}=s;return t.kind==="opaque"?ys(s):mt(t)&&e==="block"&&t.rule?bs(s):e==="typical"&&(mt(t)?
t.rule:t.verdict==="correction")?js(s):e==="block"&&t.verdict==="correction"?ws(s):t.verdict==="discarded"?lt(s):t.verdict===
"correction"?Ms(s):t.verdict==="bonus"||t.verdict==="plain"?de(s):e==="match"?xs(s):t.accept_prob===null?us(s):$s(s)};function sn(s,{token:t,rule:e,round:i}){if(e==="block"&&"parent"in t&&t.kind==="judged"&&t.coin!==null){let n=i.draft.filter(
r=>r.verdict==="accepted").length;return T(s,n?"stage.why_block":"stage.why_block_none",{n})}return T(s,`stage.why_${t.
verdict}`,{token:m(t)})}var It=class{room;constructor({onStep:t,onRelease:e}){this.head=a("h3",{class:"why-title",id:`w\
hy-${Math.random().toString(36).slice(2)}`}),this.back=a("button",{type:"button",class:"why-step","data-test":"why-prev\
ious",on:{click:()=>t(-1)}}),this.forth=a("button",{type:"button",class:"why-step","data-test":"why-next",on:{click:()=>t(
1)}}),this.pin=a("button",{type:"button",class:"why-pin","data-test":"why-unpin",hidden:!0,"aria-label":l("stage.unpin"),
title:l("stage.unpin"),on:{click:e}},k("pin"),l("stage.pinned")),this.lossy=a("span",{class:"why-lossy",hidden:!0}),this.
where=a("span",{class:"tag",hidden:!0}),this.left=a("div",{class:"why-reasons"}),this.right=a("div",{class:"why-bars"}),
this.node=a("section",{class:"why","data-test":"why","aria-labelledby":this.head.id},a("div",{class:"why-head"},this.head,
this.where,this.lossy,a("div",{class:"why-steps"},this.pin,this.back,this.forth)),a("div",{class:"why-body"},this.left,
this.right)),this.tallest=0}relax(){this.tallest=0,this.node.style.minHeight=""}measure(){return{height:this.node.offsetHeight,
room:this.left.clientWidth}}settle({height:t,room:e}){this.room=e,!(t<=this.tallest)&&(this.tallest=t,this.node.style.minHeight=
`${t}px`)}wait(t){this.node.dataset.token="",this.head.replaceChildren(l("stage.why_label")),this.left.replaceChildren(
t>0?f("stage.waiting_round",{round:t+1}):f("stage.waiting")),this.right.replaceChildren(),this.where.hidden=!0,this.back.
hidden=this.forth.hidden=!0}show(t,e,i,{pinned:n,here:r}){t.room=this.room||300,this.node.dataset.token=t.key,this.node.
dataset.verdict=t.token.verdict,sn(this.head,t),this.where.hidden=t.index===r,w(this.where,l("stage.round",{round:t.index+
1})),this.lossy.hidden=nt(t.rule).lossless!==!1||t.alone,this.lossy.replaceChildren(...[ee(t.rule)].filter(c=>c!==null)),
this.left.replaceChildren(...Os(t)),this.right.hidden=t.token.kind==="opaque";let o=t.rule==="greedy"?[a("p",{class:"fo\
rmula-note"},l("stage.bars_greedy"))]:[];this.right.replaceChildren(...this.right.hidden?[]:[fs(t),...o]),this.steps(e,
i),this.pin.hidden=!n}steps(t,e){this.back.hidden=this.forth.hidden=!1,this.back.disabled=!t,this.forth.disabled=!e;let i=n=>n?
Q(n.piece.trim()||n.piece,10):"";this.back.replaceChildren(a("span",{class:"keycap"},k("left")),a("span",{class:"why-ne\
ar"},i(t))),this.forth.replaceChildren(a("span",{class:"why-near"},i(e)),a("span",{class:"keycap"},k("right"))),this.back.
setAttribute("aria-label",`${l("stage.why_previous")}${t?`: ${j(t.piece)}`:""}`),this.forth.setAttribute("aria-label",`${l(
"stage.why_next")}${e?`: ${j(e.piece)}`:""}`)}};var pe=class{noticeNode=a("p",{class:"notice",role:"status","data-test":"notice",hidden:!0});text=new zt;round=new Nt;why=new It(
{onStep:t=>this.subject.step(t),onRelease:()=>this.subject.release()});chart=new St({onRound:t=>this.head.visit(t)});totals=new Pt;announcer=new Et;incoming=new At(
{onRun:t=>this.adopt(t),onRounds:()=>this.redraw.soon(),onNotice:(t,e)=>this.notice(t,e),hasRun:()=>!!this.run});redraw=new Rt(
()=>this.run&&this.incoming.adopted&&this.grow());head=new jt({onMove:t=>this.render(t),onState:()=>this.state(),onPlay:()=>this.
started(),onPause:()=>this.announce(),isHeld:()=>this.subject.isHeld()});transport=new qt({first:()=>this.head.jump(0,0),
previous:()=>this.head.step(-1),next:()=>this.head.step(1),last:()=>this.head.toEnd(),play:()=>this.head.toggle(),scrub:t=>this.
head.scrub(t),speed:t=>this.setSpeed(t)});overview=a("div",{class:"overview"},this.chart.node,this.totals.node);run;ended="";moving=!1;constructor(t,e){
this.element=t,this.options=e,this.provenance=new Tt(e.onRunLive),this.body=a("div",{class:"stage-body",hidden:!0},this.
provenance.node,this.text.node,this.provenance.key,this.transport.node,this.round.node,this.why.node,this.overview),t.classList.
add("specdec","specdec-stage"),t.replaceChildren(this.noticeNode,this.body,this.announcer.node),this.subject=new Ct(t,this.
round,this.why,this.head,{onChange:()=>this.drawing.settle([this.why]),onVisit:u=>this.head.visit(u),onReleased:()=>this.
transport.playButton.focus({preventScroll:!0})});let{text:i,round:n,why:r,chart:o,totals:c,transport:h,overview:d}=this,
p={text:i,round:n,why:r,chart:o,totals:c,transport:h,overview:d};this.drawing=new Ot(t,p,this.head,this.subject),this.onFonts=
()=>this.drawing.fontsChanged(),this.sizes=new ResizeObserver(()=>this.drawing.resize()),this.onKey=Ge({element:t,why:this.
why.node,slider:this.transport.slider,head:this.head,subject:this.subject,stepRound:u=>this.stepRound(u)}),document.addEventListener(
"keydown",this.onKey),document.fonts.addEventListener("loadingdone",this.onFonts),this.sizes.observe(this.element)}destroy(){
document.removeEventListener("keydown",this.onKey),document.fonts.removeEventListener("loadingdone",this.onFonts),this.
sizes.disconnect(),this.head.stop(),this.head.rounds=0,this.incoming.stop(),this.announcer.cancel(),this.drawing.stop(),
this.run=this.subject.run=null,this.element.replaceChildren()}adopt(t){this.run=this.subject.run=t,this.head.reset(this.
incoming.isLive(t)),this.subject.forget(),this.body.hidden=!1,this.drawing.begin(t),this.introduce(t),this.grow(),this.
why.relax(),this.head.live||this.open()}introduce({header:t}){let e=t.source==="recorded"||this.incoming.live===!1;document.
activeElement===this.provenance.runLive&&!e&&this.transport.playButton.focus({preventScroll:!0}),this.provenance.show(t,
e)}open(){let{head:t}=this;if(yt()||this.options.autoplay===!1)return t.set(t.rounds-1,3,{still:!0,silent:!0});t.set(0,
0,{still:!0,silent:!0});let e=new IntersectionObserver(i=>{i.some(n=>n.isIntersecting)&&(e.disconnect(),t.round===0&&t.
beat===0&&t.play())});e.observe(this.element)}grow(){let{run:t,head:e}=this,i=e.live;e.live=this.incoming.isLive(t),e.rounds=
t.rounds.length,this.drawing.grow(),this.finish(),i&&!e.live&&e.following?this.land():e.following?this.follow():this.render(
{still:!0,lazy:!0},!0),i&&!e.live&&(e.following=!1),this.state()}land(){this.head.following=!1,this.text.whole(!0),this.
subject.isHeld(!0)||this.head.set(qe(this.run),3,{still:!0,silent:!0}),this.announce(pt(this.run,!1))}follow(){this.subject.
isHeld(!0)||this.head.set(this.head.rounds-1,3,{still:!0})}finish(){let{run:t,head:e}=this;this.ended=t.footer?t.footer.
reason:e.live?"":"cut";let i=pt(t,e.live);w(this.totals.ending,i),this.notice(this.ended==="error"||this.ended==="cut"?
i:"")}notice(t,e="loud"){this.noticeNode.hidden=!t,this.noticeNode.dataset.tone=e,w(this.noticeNode,t),this.state()}announce(t=""){
let{run:e,head:i}=this;this.announcer.tell(()=>({run:e,round:i.round,beat:i.beat}),t)}stepRound(t){let e=this.chart.art.
contains(document.activeElement);this.head.visit(this.head.round+t),e&&this.chart.focusColumn(this.head.round)}setSpeed(t){
this.head.setSpeed(t),this.element.style.setProperty("--beat",`${this.head.beatMs}ms`)}started(){this.announcer.cancel(),
this.drawing.makeRoom(),this.subject.over=!1}render(t={},e=!1){this.drawing.show(this.ended,t),!e&&!t.silent&&!this.head.
playing&&!this.head.following&&this.announce(),this.state()}state(){let{element:t,run:e,head:i}=this,n=t.dataset;n.state=
e?i.live&&i.following?"live":i.playing?"playing":"paused":"empty",n.following=String(i.following),e&&(n.round=String(i.
round+1),n.rounds=String(e.rounds.length),n.beat=tt[i.beat],n.ended=this.ended),this.transport.moving(i.moving);let r=this.
moving&&!i.moving;this.moving=i.moving,r&&this.drawing.giveRoomBack()}},ue=(s,t={})=>{let e=new pe(s,t);return{show:(i,n)=>e.
incoming.show(i,n?.live),append:i=>e.incoming.append(i),cut:()=>e.incoming.cut(),go:(i,n)=>e.head.jump(i,n),play:()=>e.
head.play(),pause:()=>e.head.pause(),destroy:()=>e.destroy()}};var ht=window.specdec;xe(ht.words);Ee(ht.schema);ve(ht.methods);var fe=s=>document.getElementById(s);function nn(){let s=document.
documentElement,t=window.matchMedia("(prefers-color-scheme: dark)");s.classList.toggle("dark",t.matches),t.addEventListener(
"change",()=>s.classList.toggle("dark",t.matches));let e=fe("theme");e.append(k("theme")),e.addEventListener("click",()=>s.
classList.toggle("dark"))}function rn(){nn();let s=!document.documentElement.hasAttribute("data-still");ht.player=ue(fe(
"stage"),{autoplay:s}),ht.player.show(String(fe("trace").textContent).slice(1),{live:!1})}Object.assign(ht,{stage:ue,open:rn});})();
