/* Built by "npm run build" from sources 2bc7c8fbbd4a940de248b7b520ac327b94f99fc6a7d2ab9f45e757b2d31de242 */
"use strict";(()=>{var as=[{size:1e9,letter:"B"},{size:1e6,letter:"M"},{size:1e3,letter:"k"}],N=" ";function w(s){if(s===0||s===1)return String(
s);if(s<1e-4)return`<${N}0.0001`;if(s>.9999)return`>${N}0.9999`;if(s<.01)return s.toFixed(s<.001?4:3);for(let t of[2,3,
4])if(Number(s.toFixed(t))<1)return s.toFixed(t);return`>${N}0.9999`}function le(s){return s<=1?w(s):s>9999?`>${N}9999`:
s.toFixed(s<10?2:s<100?1:0)}function $(s){let t=Math.round(s*100);return t===0&&s>0?`<${N}1${N}%`:t===100&&s<1?`>${N}99${N}\
%`:`${t}${N}%`}function ls(s,t){for(let e=2;e<17;e++){let i=[s.toFixed(e),t.toFixed(e)];if(i[0]!==i[1]||s===t)return[Number.
isInteger(s)?String(s):i[0],Number.isInteger(t)?String(t):i[1]]}return[String(s),String(t)]}function P(s,t){let[e,i]=[w(
s),w(t)];return e!==i||s===t?[e,i]:ls(s,t)}function gt(s,t,e,i){let n=e.split(".")[1]?.length??0,r=!Number.isNaN(Number(
e)),o=(h,d)=>(h!==d||s===t)&&(!r||i(Number(h),Number(d)).toFixed(n)===Number(e).toFixed(n)),l=(h,d)=>Number(w(h))===h?w(
h):h.toFixed(d);if(o(w(s),w(t)))return[w(s),w(t)];for(let h=3;h<16;h++){let[d,p]=[l(s,h),l(t,h)];if(o(d,p))return[d,p]}
return[String(s),String(t)]}function bt(s){if(s>=10)return`${s.toFixed(1)}${N}s`;if(s>=1)return`${s.toFixed(2)}${N}s`;let t=s*
1e3;return`${t>=100?t.toFixed(0):t>=.095?t.toFixed(1):t.toFixed(2)}${N}ms`}function ce(s){for(let{size:t,letter:e}of as)
if(s>=t)return`${s/t>=10?Math.round(s/t):Number((s/t).toFixed(1))}${e}`;return String(s)}function he(s){let t=new Date(
s);return Number.isNaN(t.getTime())?String(s):t.toLocaleDateString("en-GB",{day:"numeric",month:"short",year:"numeric",
timeZone:"UTC"})}var cs=/\{(\w+)(?:![rs])?(?::[^}]*)?\}/g,Rt={};function de(s){Rt=s}function hs(s,t){let e=s.indexOf("."),i=Rt[s.slice(0,
e)]?.[s.slice(e+1)];if(i===void 0)throw new Error(`No words under ${s}`);return typeof i=="object"?i[t.n===1?"one":"oth\
er"]:i}function K(s){let t=s.indexOf(".");return Object.hasOwn(Rt[s.slice(0,t)]??{},s.slice(t+1))}function wt(s,t={}){let e=[],
i=0,n=hs(s,t);for(let r of n.matchAll(cs))e.push(n.slice(i,r.index),t[r[1]]),i=r.index+r[0].length;return[...e,n.slice(
i)]}var c=(s,t={})=>wt(s,t).map(String).join(""),qt=s=>{if(!s?.key)return String(s??"");let t=Object.entries(s.values??
{}),e=Object.fromEntries(t.map(([i,n])=>[i,n?.key?qt(n):n]));try{let i=wt(s.key,e);if(!i.includes(void 0))return i.map(
String).join("")}catch{}return`${s.key} (${t.map(([i])=>`${i}=${e[i]}`).join(", ")})`};var Bt=new Map,pe=new Map;function ue(s){Bt=new Map(s.drafters.map(t=>[t.name,t])),pe=new Map(s.rules.map(t=>[t.name,t]))}
var nt=s=>pe.get(s)??{},O=s=>s.drafter.name==="none",ht=s=>nt(s.settings.rule).formula??!0,G=({drafter:s})=>K(`stage.gu\
essing_${s.name}`)?s.name:"model",xt=s=>!O(s)&&Bt.get(s.drafter.name)?.probabilities===!1,fe=s=>K(`stage.rule_${s}`)?c(
`stage.rule_${s}`):String(s),zt=(s,t)=>t?c("stage.model_size",{name:s,size:ce(t)}):s,ds=({drafter:s})=>{if(s.model&&s.model!==
s.name)return zt(s.model,s.parameters);let t=`stage.drafter_${s.name}`,e=Bt.get(s.name)?.label||(K(t)?c(t):s.name);return zt(
e,s.parameters)},me=s=>{let{target:t,hardware:e,created:i}=s,n=zt(t.name,t.parameters),r=O(s)?c("stage.alone",{target:n}):
c("stage.models",{target:n,drafter:ds(s)}),o=["eager","compiled","graphs"].includes(e.mode)?[c(`stage.mode_${e.mode}`)]:
[];return[r,[c("stage.hardware",{name:e.name,dtype:e.dtype}),...o].join(", "),he(i)]};var Pt={};function be(s){Pt=s}var ps=s=>typeof s=="object"&&s!==null&&!Array.isArray(s),ge=(s,{minimum:t,maximum:e,exclusiveMinimum:i,
exclusiveMaximum:n})=>Number.isFinite(s)&&!(s<t||s>e||s<=i||s>=n),us=(s,{items:t,prefixItems:e=[],minItems:i=0,maxItems:n=1/0})=>s.
length>=i&&s.length<=n&&s.every((r,o)=>Z(r,e[o]??(t||{}))),fs=(s,{properties:t={},required:e=[],additionalProperties:i=!0})=>e.
every(n=>Object.hasOwn(s,n))&&Object.entries(s).every(([n,r])=>Object.hasOwn(t,n)?Z(r,t[n]):i&&Z(r,i===!0?{}:i)),ms={null:s=>s===
null,boolean:s=>typeof s=="boolean",string:s=>typeof s=="string",integer:(s,t)=>Number.isInteger(s)&&ge(s,t),number:(s,t)=>typeof s==
"number"&&ge(s,t),array:(s,t)=>Array.isArray(s)&&us(s,t),object:(s,t)=>ps(s)&&fs(s,t)};function Z(s,t=Pt){return t.$ref?
Z(s,Pt.$defs[t.$ref.split("/").pop()]):t.anyOf?t.anyOf.some(e=>Z(s,e)):t.enum?t.enum.includes(s):t.type?ms[t.type](s,t):
!0}var we={" ":"space","\n":"newline","\r":"newline","	":"tab"},gs=/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}]|(?! )\p{Zs}/u,
bs=/[\u200d\ufe0f]/,xe=48;function ws(s){return`U+${Number(s.codePointAt(0)).toString(16).toUpperCase().padStart(4,"0")}`}
function ye(s,t=xe){let e=[],i="",n=()=>{i&&e.push({kind:"letters",text:i}),i=""},r=Array.from(s);return r.slice(0,t).forEach(
(o,l)=>{let h=bs.test(o)&&l>0&&l<r.length;we[o]?(n(),e.push({kind:"mark",text:we[o]})):gs.test(o)&&!h?(n(),e.push({kind:"\
codepoint",text:ws(o)})):i+=!i&&/\p{M}/u.test(o)?`◌${o}`:o}),n(),r.length>t&&e.push({kind:"codepoint",text:"…"}),e}
var L=s=>{let t=Array.from(s).slice(0,xe).join("").trim();if(t)return t;let e=s.includes(`
`)?"newline":s.includes("	")?"tab":"space";return c(`stage.spoken_${e}`)};var xs="http://www.w3.org/2000/svg";function Ht(s,t,e){for(let[i,n]of Object.entries(t||{}))if(!(n==null||n===!1))if(i===
"on")for(let[r,o]of Object.entries(n))s.addEventListener(r,o);else s.setAttribute(i,n===!0?"":n);for(let i of e.flat(1/0))
i!=null&&s.append(i);return s}var a=(s,t={},...e)=>Ht(document.createElement(s),t,e),x=(s,t={},...e)=>Ht(document.createElementNS(
xs,s),t,e),z=(s,t)=>{Ht(s,t,[])},y=(s,t)=>{s.textContent!==t&&(s.textContent=t)},Ft=()=>window.matchMedia("(prefers-red\
uced-motion: reduce)").matches,T=(s,t,e={})=>(s.replaceChildren(...wt(t,e).map(i=>typeof i=="number"?String(i):i)),s);var ve={accepted:{d:"M2.8 8.4 6.3 12 13.2 4.4"},rejected:{d:"M4 4l8 8M12 4l-8 8"},discarded:{d:"M8 5.6a2.4 2.4 0 1 0 0 \
4.8a2.4 2.4 0 1 0 0-4.8z",fill:!0},correction:{d:"M12.6 5.2A5.4 5.4 0 1 0 13.4 8.6M12.9 1.9V5.6H9.2"},bonus:{d:"M8 2.8v\
10.4M2.8 8h10.4"},plain:{d:"M3.2 8h9.6"},lossless:{d:"M2.8 8.4 6.3 12 13.2 4.4"},lossy:{d:"M2.8 5.8h10.4M2.8 10.2h10.4M\
10.8 2.6 5.2 13.4"},space:{d:"M1.6 8.6v3.6h12.8V8.6"},newline:{d:"M13 3v5.6H3.4M6.6 5.2 3.2 8.6l3.4 3.4"},tab:{d:"M1.6 \
8h10M8.4 4.6 11.8 8l-3.4 3.4M14.2 3.8v8.4"},first:{d:"M12.4 3.2 5.6 8l6.8 4.8zM2.6 3.2h1.8v9.6H2.6z",fill:!0},last:{d:"\
M3.6 3.2 10.4 8l-6.8 4.8zM11.6 3.2h1.8v9.6h-1.8z",fill:!0},previous:{d:"M10.4 3 5.4 8l5 5"},next:{d:"M5.6 3l5 5-5 5"},play:{
d:"M4.4 2.6 13.2 8l-8.8 5.4z",fill:!0},pause:{d:"M4 2.8h2.9v10.4H4zM9.1 2.8H12v10.4H9.1z",fill:!0},left:{d:"M13 8H3.4M6\
.8 4.6 3.4 8l3.4 3.4"},right:{d:"M3 8h9.6M9.2 4.6 12.6 8l-3.4 3.4"},pin:{d:"M5.4 2.6h5.2M6.4 2.6v4L4.2 9.2h7.6L9.6 6.6v\
-4M8 9.2v4.4"},theme:{d:"M8 2.2a5.8 5.8 0 1 0 0 11.6z",fill:!0,ring:!0}},k=(s,t="")=>{let e=ve[s],i=x("svg",{class:`mar\
k mark-${s} ${t}`,viewBox:"0 0 16 16","aria-hidden":"true",focusable:"false"});return e.ring&&i.append(x("circle",{cx:8,
cy:8,r:5.8,class:"stroke"})),i.append(x("path",{d:e.d,class:e.fill?"fill":"stroke"})),i},_e=s=>ve[s].d,V=(s,t)=>{let e=ye(
s,t),i=n=>n.kind==="mark"?k(n.text):a("span",{class:n.kind},n.text);return a("bdi",{class:"piece"},e.map(i))},W=(s,t,{mark:e=!1,
small:i=!1,tag:n="span",attributes:r={}}={})=>{let o=`chip ${i?"chip-small":""} is-${t}`;return a(n,{...r,class:o},e?k(
t):null,V(s.piece))};var D=s=>s.draft.some((t,e)=>t.parent!==e-1),B=s=>s.draft.reduce((t,e,i)=>e.verdict==="accepted"?i:t,-1),Y=s=>{let t=B(
s),e=s.draft.filter(i=>i.verdict==="rejected"&&i.parent===t);return e.length?e[e.length-1]:null},H=(s,t)=>t<0?[]:[...H(
s,s[t].parent),t],X=(s,t)=>{let e=s.filter(n=>n.parent===t.parent),i=e.indexOf(t);return{nth:i+1,of:e.length,before:e.slice(
0,i),next:e[i+1]||null,all:e}},ke=s=>{let t=[];for(let e of s)t.push(e.parent<0?1:t[e.parent]+1);return t},rt=s=>ke(s).
reduce((t,e)=>Math.max(t,e),0),$e=s=>{let t=s.draft.map((n,r)=>({verdict:String(n.verdict),place:r})).filter(({verdict:n})=>n===
"accepted"),e=Y(s);e&&t.push({verdict:"rejected",place:s.draft.indexOf(e)});let i=ke(s.draft);for(let n=t.length+1;n<=Math.
max(0,...i);n++)t.push({verdict:"discarded",place:i.indexOf(n)});return t},It=s=>{let t=s.draft.map(e=>e.parent);return s.
final?[...t,B(s)]:t};function Me(s){let t=Array.from({length:s.length+1},()=>[]);return s.forEach((e,i)=>t[e+1].push(i)),
t}var Wt=s=>{let t=Me(s),e=new Array(s.length).fill(0),i=h=>{let d=[],p=[],u=t[h+1].map(g=>{let j=i(g),v=[[0,0],...j],_=v.
reduce((S,[E],A)=>A<p.length?Math.max(S,p[A]+1-E):S,d.length?-1/0:0);return v.forEach(([S,E],A)=>{A>=d.length&&(d[A]=_+
S),p[A]=_+E}),_}),b=u.length?(u[0]+u[u.length-1])/2:0;return t[h+1].forEach((g,j)=>{e[g]=u[j]-b}),d.map((g,j)=>[g-b,p[j]-
b])},n=i(-1),r=Math.min(0,...n.map(([h])=>h)),o=[];s.forEach((h,d)=>{let p=h<0?{depth:0,row:-r}:o[h];o.push({depth:p.depth+
1,row:p.row+e[d]})});let l=1+Math.max(0,...n.map(([,h])=>h))-r;return{nodes:o,root:{depth:0,row:-r},rows:l,depth:o.reduce(
(h,d)=>Math.max(h,d.depth),0)}},Se=s=>{let t=Me(s),e=new Array(s.length),i=0,n=(r,o)=>{for(let l of t[r+1])i+=1,e[l]={depth:o,
row:i},n(l,o+1)};return n(-1,1),{nodes:e,root:{depth:0,row:0},rows:s.length+1,depth:e.reduce((r,o)=>Math.max(r,o.depth),
0)}};var je=2,Ee={rounds:0,drafted:0,accepted:0,rejected:0,discarded:0,refusals:0,tokens:0,passes:0,seconds:0},ys=["header",
"round","footer"],vs=({draft:s,final:t})=>s.every((e,i)=>e.parent>=-1&&e.parent<i)&&new Set([...s,...t?[t]:[]].map(e=>e.
kind)).size<2,ot=s=>s.header.target.encoder_decoder===!0,tt=s=>{let t=s.draft.filter(e=>e.verdict==="accepted");return s.
final?[...t,s.final]:t},_s=s=>Y(s)!==null,vt=s=>({acceptance:s.accepted+s.refusals?s.accepted/(s.accepted+s.refusals):null,
perPass:s.passes?s.tokens/s.passes:null,efficiency:s.drafted?s.accepted/s.drafted:null});function ks(s,t){let e=s.sums.
length?s.sums[s.sums.length-1]:Ee,i=n=>t.draft.filter(r=>r.verdict===n).length;s.rounds.push(t),s.longest=Math.max(s.longest,
t.draft.length),s.deepest=Math.max(s.deepest,rt(t.draft)),s.branched=s.branched||D(t),s.sums.push({rounds:e.rounds+1,drafted:e.
drafted+t.draft.length,accepted:e.accepted+i("accepted"),rejected:e.rejected+i("rejected"),discarded:e.discarded+i("dis\
carded"),refusals:e.refusals+Number(_s(t)),tokens:e.tokens+tt(t).length,passes:e.passes+(t.passes?.target??1),seconds:t.
end})}var J=(s,t)=>t>0?s.sums[t-1]:Ee,yt=class s{text="";at=0;line=0;runs=[];error=null;clear(){Object.assign(this,new s)}append(t){
this.text=this.text.slice(this.at)+t,this.at=0}parse({budget:t=1/0,whole:e=!1}={}){let i=performance.now()+t;for(;this.
error===null&&this.at<this.text.length;){let n=this.text.indexOf(`
`,this.at);if(n<0&&!e)return!1;n<0&&(n=this.text.length);let r=this.text.slice(this.at,n);if(this.at=Math.min(n+1,this.
text.length),this.line+=1,r.trim()&&this.take(r),performance.now()>i)return this.error===null&&this.at<this.text.length}
return!1}refuse(t,e){this.error=c("stage.broken_line",{line:this.line,why:c(`stage.broken_${t}`,e)})}take(t){let e;try{
e=JSON.parse(t)}catch{return this.refuse("json")}if(!ys.includes(e?.kind))return this.refuse("kind");if(e.kind==="heade\
r"&&e.schema!==je)return this.refuse("schema",{value:String(e.schema),known:je});if(!Z(e)||e.kind==="round"&&!vs(e))return this.
refuse("shape");this.place(e)}place(t){let e=this.runs[this.runs.length-1];if(t.kind==="header"){if(e&&!e.footer)return this.
refuse("order");this.runs.push({header:t,rounds:[],footer:null,sums:[],longest:0,deepest:0,branched:!!t.settings.branching})}else
!e||e.footer?this.refuse("order"):t.kind==="footer"?e.footer=t:t.index!==e.rounds.length?this.refuse("index",{value:String(
t.index),expected:e.rounds.length}):ks(e,t)}};var et=["guess","check","judge","keep"];function Ae(s,t,e){let i=t.draft.length,n=G(s.header);return i?D(t)?c(`stage.${e}\
_tree_${n}`,{n:i}):c(`stage.${e}_${n}`,{n:i}):c(`stage.${e}_none_${$s(s,t)||n}`)}function $s(s,t){let{draft_length:e,branching:i,
max_new_tokens:n}=s.header.settings;return e===0&&!i||t.plan&&t.plan.draft_length===0?"asked":J(s,t.index).tokens+1>=n?
"room":null}var _t=(s,t,e)=>{let i=t.draft.length,n=D(t),r=t.draft.filter(l=>l.verdict==="accepted").length;if(O(s.header))
return[c(e<3?"stage.plain_pass":"stage.plain_round"),""];if(e===0)return[Ae(s,t,"guessing"),""];if(e===1)return[i?n?c("\
stage.checking_tree"):c("stage.checking",{n:i}):c("stage.checking_none"),""];let o=Ae(s,t,"guessed");return t.final?t.final.
verdict==="plain"?[o,c("stage.wrote_plain")]:n&&!r?[o,c("stage.kept_none_tree")]:n?[o,c(t.final.verdict==="bonus"?"stag\
e.kept_path_bonus":"stage.kept_path",{n:r})]:t.final.verdict==="bonus"?[o,c("stage.kept_bonus",{n:i})]:[o,r?c("stage.ke\
pt_correction",{n:r}):c("stage.kept_none")]:[o,r?c("stage.kept_ended",{n:r}):c("stage.kept_ended_none")]},Dt=(s,t,e="",i=!1)=>{
if(s.kind==="opaque")return s.verdict==="discarded"&&!i?[c("stage.not_judged")]:[];if(t==="block"&&s.rule&&s.coin!==null)
return Ms(s);if(s.verdict==="discarded")return i?[]:[c("stage.not_judged")];if(t==="greedy")return[c(`stage.${s.verdict===
"accepted"?"match":"mismatch"}${i?"_short":""}`)];if(t==="typical"&&s.rule)return Ss(s);if(s.accept_prob===null)return[];
if(s.accept_prob===0&&s.target_prob===0&&e)return[c("stage.cut",{by:e})];let n=$(s.accept_prob);if(t==="match")return[c(
"stage.chance",{share:n})];let r=[i?n:c("stage.accept",{share:n})];return s.coin!==null&&r.push(c("stage.coin",{coin:P(
s.coin,s.accept_prob)[0]})),r};function Ms(s){let[t,e]=P(s.coin,s.rule.threshold);return[c("stage.threshold",{threshold:e}),
c("stage.coin",{coin:t})]}function Ss(s){let[t,e]=P(s.target_prob,s.rule.threshold);return[c(s.target_prob>s.rule.threshold?
"stage.above":"stage.not_above",{p:t,threshold:e})]}var $t=({top_k:s=0,top_p:t=1,min_p:e=0},i,n)=>{let r="parent"in n?n.parent:B(i),o=i.draft.filter(d=>d!==n&&d.parent===r&&
d.verdict==="rejected");if("parent"in n?o.some(d=>i.draft.indexOf(d)<i.draft.indexOf(n)):o.length>1)return"";let h={"to\
p-k":s>0,"top-p":t<1,"min-p":e>0};return Object.entries(h).filter(([,d])=>d).map(([d])=>d).join(" / ")},dt=(s,t)=>{let[
e,i]=t.split(":"),n=s.rounds[Number(e)];if(!n)return null;let r=i==="f"?n.final:n.draft[Number(i)];if(!r)return null;let{
header:o}=s;return{key:t,token:r,round:n,index:Number(e),rule:o.settings.rule,settings:o.settings,family:G(o),copied:xt(
o),alone:O(o),refused:Y(n),branched:D(n),cut:$t(o.settings,n,r)}},kt=(s,t)=>{let e=s.draft.map((i,n)=>`${t}:${n}`);return s.
final?[...e,`${t}:f`]:e},Ut=(s,t,e)=>{let i=Number(t.split(":")[0]),n=kt(s.rounds[i],i),r=n.indexOf(t)+e;if(r>=0&&r<n.length)
return n[r];let o=s.rounds[i+e];if(!o)return null;let l=kt(o,i+e);return e>0?l[0]:l[l.length-1]},Le=s=>{let t=s.rounds.
map(i=>{let n=Y(i),r=i.draft.filter(h=>h.verdict==="accepted").length;if(!n)return r/(1+s.deepest);let o=n.accept_prob===
null?0:4*n.accept_prob*(1-n.accept_prob),l=i.draft.some(h=>h.verdict==="discarded");return 1+ +(r>0)+Number(l)+o}),e=Math.
max(...t);return e>0?t.indexOf(e):s.rounds.length-1},Oe=(s,t,e=!1)=>{let i=t.beat>=2?t.round:e?t.round-1:-1,n=s.rounds[i];
if(!n)return null;let r=Y(n);return r?`${i}:${n.draft.indexOf(r)}`:n.final?`${i}:f`:`${i}:${Math.max(0,B(n))}`};var js=24,Es=7,F={top:8,height:28},at={top:48,height:58,most:12},Te=22,Ce=48;function Kt(s,t){return vt(J(s,t)).acceptance}
var Mt=class{drawn=!1;run;width;size;pitch;most;asBars;cell;bottom;columns;curve;past;future;point;label;last;firstText;nowText;endText;under;constructor({
onRound:t}){this.onRound=t,this.note=a("span",{class:"chart-note"}),this.art=x("svg",{class:"chart-art",role:"group","a\
ria-label":c("stage.chart"),"data-test":"chart"}),this.node=a("figure",{class:"chart"},a("p",{class:"chart-title"},a("b",
{},c("stage.chart"))," ",this.note),this.art),this.art.addEventListener("click",e=>this.pick(e)),this.columns=[],this.playhead=
{n:0,index:0}}pick(t){let e=t.target.closest("[data-first]");e&&this.onRound(Number(e.dataset.first),e)}draw(t,e){Object.
assign(this,{run:t,width:e,drawn:!0});let i=t.rounds.length,n=Math.max(60,e-Ce);this.size=Math.max(1,Math.ceil(i*Es/n));
let r=Math.ceil(i/this.size);this.pitch=Math.min(js,n/Math.max(1,r));let o=t.branched?t.deepest:t.longest;this.most=o,this.
asBars=this.size>1||o>at.most,this.cell=this.asBars?at.height:Math.min(14.5,(o>4?72:at.height)/Math.max(1,o));let l=this.
asBars?at.height:this.cell*o;this.bottom=at.top+l;let h=this.bottom+Te;z(this.art,{viewBox:`0 0 ${e} ${h}`,width:e,height:h}),
this.describe(o),this.columns=Array.from({length:r},(b,g)=>this.column(g));let d=this.x(i-1);this.past=x("path",{class:"\
alpha-past"}),this.future=x("path",{class:"alpha-future"}),this.point=x("circle",{class:"alpha-point",r:4}),this.label=
x("text",{class:"alpha-label"}),this.last=x("text",{class:"alpha-last",x:Math.min(e-40,d+14)}),this.under=x("rect",{class:"\
chart-under",height:3,rx:1.5,width:Math.max(8,this.pitch-2),y:this.bottom+1}),this.firstText=x("text",{class:"chart-axi\
s",y:this.bottom+18,"text-anchor":"middle"}),this.nowText=x("text",{class:"chart-axis is-now",y:this.bottom+18,"text-an\
chor":"middle"}),this.endText=x("text",{class:"chart-axis",y:this.bottom+18,"text-anchor":"middle"});let p=[F.top,F.top+
F.height].map(b=>x("path",{class:"chart-grid",d:`M0 ${b}H${Math.min(n,d+this.pitch)}`})),u=this.art.contains(document.activeElement);
this.art.replaceChildren(...p,...this.columns,this.future,this.past,this.point,this.label,this.last,this.under,this.firstText,
this.nowText,this.endText),this.curve=this.measure(),this.show(Math.min(this.playhead.n,i),Math.min(this.playhead.index,
i-1)),u&&this.focusColumn(this.playhead.index)}describe(t){let e={n:t,alpha:c(ht(this.run.header)?"stage.chart_alpha":"\
stage.chart_kept"),size:this.size},i=this.run.rounds.every(r=>r.draft.length===t),n=this.size>1?"stage.chart_grouped":this.
run.branched?"stage.chart_levels":i?"stage.chart_of":"stage.chart_up_to";this.note.replaceChildren(c(n,e),a("span",{class:"\
chart-scale"},` ${c("stage.chart_scale")}`))}x(t){return(Math.floor(t/this.size)+.5)*this.pitch}column(t){let e=t*this.
size,i=this.run.rounds.slice(e,e+this.size),n=J(this.run,e),r=J(this.run,e+i.length),o={accepted:r.accepted-n.accepted,
drafted:r.drafted-n.drafted},l=this.size>1?c("stage.chart_group",{first:e+1,last:e+i.length,...o}):c("stage.chart_colum\
n",{round:e+1,...o}),h=t*this.pitch,d=this.asBars?this.bars(h,n,r,i.length):this.cells(i[0]).map(({verdict:p,place:u},b)=>this.
one(h,p,b,`${e}:${u}`));return x("g",{class:"column",role:"button",tabindex:"-1","data-first":e,"aria-label":l},x("rect",
{class:"column-hit",x:h,y:F.top,width:this.pitch,height:this.bottom-F.top+Te}),d)}cells(t){return this.run.branched?$e(
t):t.draft.map(({verdict:e},i)=>({verdict:e,place:i}))}one(t,e,i,n){let r=Math.min(4,this.cell*.28),o=this.pitch*.72,l=this.
cell-r,h=t+(this.pitch-o)/2,d=this.bottom-(i+1)*this.cell+r;if(e==="accepted")return x("rect",{class:"cell is-accepted",
"data-token":n,x:h,y:d,width:o,height:l,rx:Math.min(2.5,l/3)});let p=Math.min(l,o,10)/(e==="rejected"?10:16),u=`transla\
te(${t+this.pitch/2} ${d+l/2}) scale(${p}) translate(-8 -8)`;return x("path",{class:`cell is-${e}`,"data-token":n,d:_e(
e),transform:u})}bars(t,e,i,n){let r=at.height/(this.most*n||1),o=Math.max(2,this.pitch*.78),l=t+(this.pitch-o)/2,h=this.
bottom,d=u=>i[u]-e[u],p=this.run.branched?{accepted:d("accepted"),rejected:d("refusals")}:{accepted:d("accepted"),rejected:d(
"rejected"),discarded:d("discarded")};return Object.entries(p).map(([u,b])=>{let g=b*r;return h-=g,x("rect",{class:`bar\
-cell is-${u}`,x:l,y:h,width:o,height:g})})}measure(){let t=[];for(let e=1;e<=this.run.rounds.length;e++){let i=Kt(this.
run,e);i!==null&&(e%this.size===0||e===this.run.rounds.length)&&t.push([e,this.x(e-1),F.top+(1-i)*F.height])}return t}show(t,e){
if(this.playhead={n:t,index:e},!this.drawn)return;let i=this.run.rounds.length,n=Math.floor(e/this.size),r=Math.ceil(t/
this.size);this.columns.forEach((h,d)=>{h.classList.toggle("is-future",d>=r),d===n!=(h.getAttribute("tabindex")==="0")&&
h.setAttribute("tabindex",d===n?"0":"-1")});let o=h=>h.length?`M${h.map(([,d,p])=>`${d.toFixed(1)} ${p.toFixed(1)}`).join(
"L")}`:"",l=this.curve.filter(([h])=>h<=t);this.past.setAttribute("d",o(l)),this.future.setAttribute("d",o(this.curve.filter(
([h])=>h>=t))),this.headline(l,t,i),this.axis(e,i)}headline(t,e,i){let n=Kt(this.run,e),r=Kt(this.run,i),o=t.length>0&&
n!==null,l=o?t[t.length-1]:[0,0,0];for(let p of[this.point,this.label])p.style.display=o?"":"none";if(this.last.style.display=
r===null||e>=i?"none":"",r!==null&&(this.last.textContent=$(r),z(this.last,{y:F.top+(1-r)*F.height+4})),!o)return;z(this.
point,{cx:l[1],cy:l[2]}),this.label.textContent=c(ht(this.run.header)?"stage.alpha_at":"stage.kept_at",{share:$(n)});let h=l[1]>
this.width-Ce-40,d=l[2]<F.top+15?l[2]+19:l[2]-9;z(this.label,{x:h?l[1]+4:l[1]+8,"text-anchor":h?"end":"start",y:d})}axis(t,e){
let i=this.x(t),n=this.x(e-1);z(this.under,{x:i-Math.max(8,this.pitch-2)/2});for(let{node:r,at:o,text:l,seen:h}of[{node:this.
nowText,at:i,text:t+1,seen:!0},{node:this.firstText,at:this.x(0),text:1,seen:i-this.x(0)>22},{node:this.endText,at:n,text:e,
seen:n-i>26}])z(r,{x:Math.max(5,o)}),r.style.display=h?"":"none",y(r,String(l))}focusColumn(t){let e=this.columns[Math.
floor(t/this.size)];e&&e.focus()}};var Ne=(s,t,e)=>{let i=s.getBoundingClientRect(),n=t.map(({chip:r,to:o})=>({chip:r,from:r.getBoundingClientRect(),to:o.
getBoundingClientRect()}));for(let{chip:r,from:o,to:l}of n){let h=r.cloneNode(!0);for(let u of["data-token","data-test",
"aria-label","style"])h.removeAttribute(u);h.setAttribute("aria-hidden","true"),h.tabIndex=-1,h.className=`${r.className}\
 ghost`,h.style.left=`${o.left-i.left}px`,h.style.top=`${o.top-i.top}px`,s.append(h);let d=`translate(${l.left-o.left}p\
x, ${l.top-o.top-8}px) scale(.9)`,p=h.animate([{transform:"none",opacity:.9},{transform:d,opacity:0}],{duration:e,easing:"\
cubic-bezier(.3,.7,.3,1)"});p.onfinish=p.oncancel=()=>h.remove()}};var ze=s=>{let t=O(s)?null:Gt(s.settings.rule,s.hardware.dtype);if(!t)return[...Re(s),qe(s,null)];let e=a("span",{class:"\
key-why",hidden:!0},t.title),i=a("button",{type:"button",class:"badge-button","aria-expanded":"false",on:{click:()=>{e.
hidden=!e.hidden,i.setAttribute("aria-expanded",String(!e.hidden))}}},t);return[...Re(s),qe(s,i),e]};function Re(s){let t=()=>a(
"span",{class:"key-more"},` ${c("stage.key_by")}`),e=(r,...o)=>a("span",{class:`key-item key-${r}`},a("span",{class:"ke\
y-line"}),a("span",{},o));if(O(s))return[e("plain",c("stage.key_plain"))];let i=xt(s)?[e("plain",c("stage.key_none"))]:
[],n=c(`stage.key_kept_${G(s)}`);return[e("accepted",n),e("correction",c("stage.key_correction"),t()),e("bonus",c("stag\
e.key_bonus"),t()),...i]}function As({branching:s,draft_length:t}){return Array.isArray(s)?c("stage.setting_branching",
{value:s.join("·")}):s?c("stage.setting_dynamic",{value:t}):c("stage.setting_draft_length",{value:t})}function qe(s,t){
let{settings:e}=s,{rule:i}=e,n=O(s)?[]:[fe(i),As(e)],r={temperature:0,top_k:0,top_p:1,min_p:0};for(let o of Object.keys(
r))e[o]!==void 0&&e[o]!==r[o]&&n.push(c(`stage.setting_${o}`,{value:e[o]}));return nt(i).coins!=="none"&&e.seed!==void 0&&
n.push(c("stage.setting_seed",{value:e.seed})),a("span",{class:"key-settings"},a("span",{},n.join(" · ")),t)}var Gt=(s,t="")=>{
let{lossless:e,coins:i}=nt(s);if(e===void 0)return null;if(!e){let r=c(K(`stage.lossy_${s}`)?`stage.lossy_${s}`:"stage.\
lossy");return a("span",{class:"tag badge is-lossy",title:r},k("lossy"),c("stage.lossy"))}let n=i==="none"&&!/32|64/.test(
t)?"_half":"";return a("span",{class:"tag badge",title:c(`stage.lossless_${s}${n}`,{dtype:t})},k("lossless"),c("stage.l\
ossless"))};var Be=7.4,Pe=9,Ls=360,Os=[[16,18,4],[20,14,3],[28,12,3],[48,8,2],[1/0,5,1]],He=28;function Fe(s,t){let e=Array.from(L(
s));return e.length>t?`${e.slice(0,t-1).join("")}…`:e.join("")}function Ts(s,t,e){let{draft:i}=s.rounds[t],n=H(i,i[e].
parent).map(h=>i[h].text).join(""),r="";for(let h=t-1;h>=0&&r.trim().split(/\s+/).length<4;h--)r=tt(s.rounds[h]).map(d=>d.
text).join("")+r;r.trim().split(/\s+/).length<4&&!ot(s)&&(r=s.header.prompt.text+r);let o=r.replace(/\s+/g," ").split("\
 "),l=o.slice(-3).join(" ");return`${o.length>3?"… ":""}${(l+n).replace(/\s+/g," ").trim()}`}var pt=class s{run;index;size;onOpen;key;drawn;rows;asked;beside;longest;constructor(){
let t=`mask-${Math.random().toString(36).slice(2)}`;this.open=!1,this.fold=a("button",{type:"button",class:"mask-fold",
"aria-expanded":"false","aria-controls":t,"data-test":"mask-toggle",on:{click:()=>this.toggle()}},a("b",{},c("stage.mas\
k"))," ",a("span",{},c("stage.mask_pass")),k("next")),this.title=a("p",{class:"mask-title"},a("b",{},c("stage.mask")),"\
 ",a("span",{},c("stage.mask_pass"))),this.art=x("svg",{class:"mask-art",role:"listbox","aria-label":c("stage.mask_labe\
l"),"data-test":"mask"}),this.note=a("p",{class:"mask-note"}),this.reads=a("p",{class:"mask-reads","data-test":"mask-re\
ads"}),this.box=a("div",{class:"mask-box",id:t},this.title,a("div",{class:"mask-scroll"},this.art),a("div",{class:"mask\
-words"},this.note,this.reads)),this.node=a("aside",{class:"mask"},this.fold,this.box),this.rows=[],this.art.addEventListener(
"keydown",e=>this.walk(e))}static measure(t,e){let i=t<=He,n=e<Ls?Pe-2:Pe,r=i?n*Be+12:8,o=Os.filter(([l])=>t<=l&&(!i||l<=
He)).map(([,l,h])=>({cell:l,gap:h,pitch:l+h,letters:n,labelled:i,labels:r,width:r+(t+1)*(l+h)+h+12}));return o.find(({width:l})=>l<=
e)||o[o.length-1]}layout({beside:t,longest:e,room:i,branching:n}){let r=[t,e,i,n].join();this.asked!==r&&(this.asked=r,
this.beside=t,this.longest=e,this.node.classList.toggle("is-beside",t),this.fold.hidden=t,this.title.hidden=!t,this.size=
s.measure(e,i),y(this.note,c(n?"stage.mask_tree":"stage.mask_chain")),this.drawn=null,this.show())}toggle(){this.open=!this.
open,this.show(),this.run&&this.draw(this.run,this.index),this.open&&this.onOpen&&this.onOpen()}shown(){return this.beside||
this.open}show(){this.box.hidden=!this.shown(),this.fold.setAttribute("aria-expanded",String(this.open)),this.fold.classList.
toggle("is-open",this.open)}draw(t,e){if(Object.assign(this,{run:t,index:e}),!this.shown()||this.drawn===t.rounds[e])return;
let{draft:i}=t.rounds[e];this.drawn=t.rounds[e];let{pitch:n,labels:r,width:o,labelled:l,letters:h}=this.size,d=l?h*Be+8:
8,p=d+this.longest*n+6;z(this.art,{viewBox:`0 0 ${o} ${p}`,width:o,height:p});let u=v=>r+(v+1)*n+(v>=0?this.size.gap:0),
b=i.map(v=>Fe(v.piece,h)),g=l&&i.length?[Fe(c("stage.mask_text"),h+2),...b].map((v,_)=>this.column(v,u(_-1)+this.size.cell/
2,d-8,e,_-1,i)):[];this.rows=i.map((v,_)=>this.row(v,_,b[_],{x:u,y:d+_*n,labelled:l})),this.art.replaceChildren(...g,...this.
rows),this.node.classList.toggle("is-empty",!i.length);let{key:j}=this;this.key=null,this.tell(j)}column(t,e,i,n,r,o){let l=r<
0?{class:"mask-word is-text"}:{class:`mask-word is-${o[r].verdict}`,"data-token":`${n}:${r}`};return x("text",{...l,transform:`\
translate(${e} ${i}) rotate(-90)`,dy:".35em","aria-hidden":"true"},t)}row(t,e,i,{x:n,y:r,labelled:o}){let{draft:l}=this.
run.rounds[this.index],{cell:h,pitch:d,labels:p,width:u}=this.size,b=H(l,e),g=new Set(b),j=Math.min(4,h/4),v=(E,A)=>x("\
rect",{class:`mask-cell ${A}`,x:n(E),y:r,width:h,height:h,rx:j}),_=c("stage.mask_row",{token:L(t.piece),seen:b.slice(0,
-1).map(E=>L(l[E].piece)).join(", ")||c("stage.mask_none")}),S=(E,A)=>x("rect",{class:E,x:1,y:r-(d-h)/2-A,width:u-2,height:d+
2*A,rx:5});return x("g",{class:`mask-row is-${t.verdict}`,role:"option",tabindex:"-1","aria-selected":"false","aria-lab\
el":_,"data-token":`${this.index}:${e}`},S("mask-hit",0),o?x("text",{class:`mask-word is-${t.verdict}`,x:p-4,y:r+h/2,dy:"\
.35em","text-anchor":"end"},i):null,v(-1,"is-text"),l.map((E,A)=>o||g.has(A)?v(A,g.has(A)?"is-seen":""):null),S("mask-r\
ing",-1))}beat(t){this.node.classList.toggle("is-judged",t)}tell(t){let e=this.key===t;if(this.key=t,!this.shown()||!this.
drawn||e)return;let i=this.rows.findIndex(n=>n.dataset.token===t);this.rows.forEach((n,r)=>{n.setAttribute("aria-select\
ed",String(r===i)),n.classList.toggle("is-lit",r===i),n.setAttribute("tabindex",r===Math.max(0,i)?"0":"-1")}),y(this.reads,
i<0?c("stage.mask_point"):c("stage.mask_reads",{text:Ts(this.run,this.index,i)}))}walk(t){let e={ArrowDown:1,ArrowUp:-1}[t.
key],i=this.rows[this.rows.indexOf(document.activeElement)+e];!e||!i||(t.preventDefault(),i.focus())}};var Jt=30,St={roomy:{pitch:70,gap:58,chip:40,below:24},slim:{pitch:54,gap:40,chip:26,below:24},dense:{pitch:31,gap:44,chip:26,
below:8},list:{pitch:46,gap:20,chip:40,below:0}},Cs=30,Ns=8,Rs=128,qs=8,zs=18;function Bs(s,t){let e=t>0?tt(s.rounds[t-
1]):[],i=!ot(s)&&s.header.prompt.tokens||[];return e[e.length-1]||i[i.length-1]||null}var Ps=(s,t)=>{let e=s.x+(t.x-s.x)*
.55;return`M${s.x} ${s.y}C${e} ${s.y} ${e} ${t.y} ${t.x} ${t.y}`},Hs=s=>s.querySelector(".chip").offsetWidth,Fs=(s,t)=>`\
M${s.x} ${s.y}V${t.y-8}q0 8 8 8H${t.x}`,ut=class s{resting=!1;run;counted;rows;most;size;tallest;placed;parents;tree;root;nodes;names;lines;path;constructor(){
this.heads=a("div",{class:"tree-heads","aria-hidden":"true"}),this.edges=x("svg",{class:"tree-edges","aria-hidden":"tru\
e"}),this.sweep=a("span",{class:"tree-sweep"}),this.canvas=a("div",{class:"tree-canvas"}),this.node=a("div",{class:"tre\
e-box",tabindex:"-1"},this.canvas)}rest(t){this.resting!==t&&(this.placed=!1),this.resting=t}layout(t,e,i){for(this.run!==
e&&Object.assign(this,{run:e,counted:0,rows:1,most:0});this.counted<e.rounds.length;this.counted++){let h=It(e.rounds[this.
counted]);this.most=Math.max(this.most,h.length),this.rows=Math.max(this.rows,Wt(h).rows)}let{rows:n,most:r}=this,o=s.width(
e)>t,l=i&&r<=zs?"list":n>qs?"dense":o?"slim":"roomy";this.size=l,this.tallest=l==="list"?(r+1)*St.list.pitch:this.height(
n),this.node.dataset.size=l,this.placed=!1}static width(t){return 70+(t.deepest+1)*Rs}height(t){let{pitch:e,chip:i,below:n}=St[this.
size];return Jt+(t-1)*e+i+n}draw(t,e,i){let n=t.rounds[e],r=this.size==="list";this.parents=It(n),this.tree=r?Se(this.parents):
Wt(this.parents);let o=Bs(t,e);this.root=a("div",{class:"tree-root"},o?W(o,"plain"):a("span",{class:"chip is-plain"},"…")),
this.nodes=i;let l=[...n.draft.map(p=>p.verdict),...n.final?[n.final.verdict]:[]];this.lines=l.map((p,u)=>x("path",{class:`\
edge is-${p}`,style:`--i:${u}`,"data-at":u<n.draft.length?null:"final"}));let h={discarded:0,rejected:1,accepted:2};this.
edges.replaceChildren(...this.lines.map((p,u)=>[h[l[u]]??3,p]).sort(([p],[u])=>p-u).map(([,p])=>p)),this.names=Array.from(
{length:this.tree.depth},(p,u)=>a("span",{"data-at":u<rt(n.draft)?null:"final"},c("stage.depth",{depth:u+1}))),this.heads.
replaceChildren(...this.names);let d=i.map((p,u)=>[r?this.tree.nodes[u].row:u,p]).sort(([p],[u])=>p-u);this.canvas.replaceChildren(
this.heads,this.edges,this.sweep,this.root,...d.map(([,p])=>p)),this.path=l.map((p,u)=>[p,u]).filter(([p])=>!["rejected",
"discarded"].includes(p)).map(([,p])=>p),this.placed=!1}measure(){if(this.placed||!this.tree)return null;let t=[...this.
nodes,this.root].map(Hs);return{chips:t,root:t.pop(),room:this.node.clientWidth-Ns}}settle(t){!t||!(t.room>0)||(this.placed=
!0,this.size==="list"?this.placeList(t):this.placeTree(t))}placeTree({chips:t,root:e,room:i}){let{pitch:n,gap:r,chip:o}=St[this.
size],l=[e];this.tree.nodes.forEach((v,_)=>{l[v.depth]=Math.max(l[v.depth]||0,t[_])});let h=i-l.reduce((v,_)=>v+_,0)-r*
this.tree.depth,d=r+Math.min(24,Math.max(Cs-r,h/Math.max(1,this.tree.depth))),p=l.map((v,_)=>l.slice(0,_).reduce((S,E)=>S+
E+d,0)),u=this.resting?this.height(this.tree.rows):this.tallest,b=Math.max(0,u-this.height(this.tree.rows))/2,g=({depth:v,
row:_})=>({x:p[v],y:Jt+b+_*n}),j=p[p.length-1]+l[l.length-1];this.put(g,{width:j,height:u}),this.names.forEach((v,_)=>{
v.style.left=`${p[_+1]}px`}),this.tree.nodes.forEach((v,_)=>{let S=this.parents[_],E=S<0?g(this.tree.root):g(this.tree.
nodes[S]),A={x:E.x+(S<0?e:t[S]),y:E.y+o/2},ae=g(v);this.lines[_].setAttribute("d",Ps(A,{x:ae.x,y:ae.y+o/2}))}),this.look(
g,this.path.map(v=>this.tree.nodes[v]))}placeList({room:t}){let{pitch:e,gap:i,chip:n}=St.list,r=Math.min(i,Math.max(8,(t-
220)/Math.max(1,this.tree.depth))),o=({depth:h,row:d})=>({x:h*r,y:d*e}),l=this.resting?this.nodes.length+1:this.tallest/
e;this.put(o,{width:t,height:l*e}),this.tree.nodes.forEach((h,d)=>{let p=o(this.parents[d]<0?this.tree.root:this.tree.nodes[this.
parents[d]]),u=o(h);this.lines[d].setAttribute("d",Fs({x:p.x+r/2,y:p.y+n},{x:u.x,y:u.y+n/2})),this.nodes[d].style.maxWidth=
`${t-u.x}px`,this.nodes[d].style.width=`${t-u.x}px`})}put(t,{width:e,height:i}){let n=(r,{x:o,y:l})=>{r.style.left=`${o}\
px`,r.style.top=`${l}px`};this.canvas.style.width=`${e}px`,this.canvas.style.height=`${i}px`,this.edges.setAttribute("w\
idth",e),this.edges.setAttribute("height",i),n(this.root,t(this.tree.root)),this.nodes.forEach((r,o)=>n(r,t(this.tree.nodes[o])))}look(t,e){
let{node:i,tree:n}=this,r=[n.root,...e].map(p=>t(p).y),[o,l]=[Math.min(...r),Math.max(...r)],h=l-o<i.clientHeight-Jt;i.
scrollHeight>i.clientHeight+2&&(i.scrollTop=(h?(o+l)/2:r[r.length-1])-i.clientHeight/2);let d=e.length?t(e[e.length-1]).
x:0;i.scrollWidth>i.clientWidth+2&&(i.scrollLeft=d-i.clientWidth*.6)}};var Is=6,Ws=8,Ds=40,Us=560,jt=class{run;round;index;plain;stale;columns;width;bracket;chips;constructor(){this.title=a(
"h2",{class:"round-title"}),this.first=a("b"),this.second=a("span"),this.beats=et.map(t=>a("li",{class:"beat"},c(`stage\
.beat_${t}`))),this.plan=a("p",{class:"plan","data-test":"plan",hidden:!0}),this.grid=a("div",{class:"guesses",role:"gr\
oup","data-test":"round"}),this.tree=new ut,this.mask=new pt,this.foot=a("p",{class:"tree-foot"}),this.body=a("div",{class:"\
round-body"},this.grid),this.head=a("div",{class:"round-head"},this.title,a("p",{class:"sentence","data-test":"sentence"},
this.first," ",this.second),a("ol",{class:"beats","aria-hidden":"true"},this.beats)),this.node=a("section",{class:"roun\
d"},this.head,this.plan,this.body,this.foot),this.chips=new Map,this.tallest=0,this.highest=0}relax(){this.tallest=this.
highest=0,this.grid.style.minHeight=this.head.style.minHeight=""}layout(t,e){let{longest:i}=e,n=Math.max(5,i+1),r=i<=Is&&
t>=150+n*118,o=e.branched?"tree":r?"columns":i<=Ws?"rows":"cells";this.grid.dataset.layout==="tree"!==e.branched&&(this.
stale=!0),(this.grid.dataset.layout!==o||this.columns!==n||this.width!==t)&&this.relax(),this.width=t,this.columns=n,this.
grid.dataset.layout=o,this.grid.style.setProperty("--columns",String(n)),this.grid.classList.remove("is-tight"),this.plan.
hidden=e.header.settings.draft_length!=="auto",this.foot.hidden=!e.branched,this.layoutMask(t,e)}layoutMask(t,e){let i=t-
ut.width(e)-Ds,n=e.branched&&i>=300&&pt.measure(e.longest,i).width<=i,r=!e.longest||O(e.header);this.mask.node.hidden=r;
let o=this.tree.size;e.branched&&this.tree.layout(t,e,t<Us),this.tree.size!==o&&(this.stale=!0),this.mask.layout({beside:n,
longest:e.longest,room:n?i:t,branching:e.branched}),this.body.classList.toggle("has-mask",n);let l=n?this.body:this.node;
this.mask.node.parentNode!==l&&l.append(this.mask.node)}draw(t,e){let i=t.rounds[e],{rule:n}=t.header.settings;this.plain=
O(t.header),Object.assign(this,{run:t,round:i,index:e}),this.chips.clear(),y(this.title,c("stage.round",{round:e+1})),this.
node.classList.toggle("is-plain",this.plain),z(this.grid,{"data-plain":String(this.plain),"data-drafted":i.draft.length}),
this.grid.style.setProperty("--n",String(i.draft.length)),this.grid.classList.remove("is-tight"),this.tellPlan(i.plan),
this.grid.dataset.layout==="tree"?this.drawTree(t,e,n):this.drawChain(t,i,n),this.stale=!1}tellPlan(t){if(!t)return y(this.
plan,c("stage.plan_none"));let e=t.gain===null?"":t.gain.toFixed(2),i={length:t.draft_length,share:(100*t.acceptance).toFixed(
0),gain:e};y(this.plan,c(`plan.${t.kind}`,i))}drawChain(t,e,i){let n=e.draft.findIndex(l=>l.verdict==="rejected"),r=e.draft.
map((l,h)=>this.guess(l,h,Dt(l,i,$t(t.header.settings,e,l)))),o=n>=0?n:e.draft.length;e.final&&r.splice(e.final.verdict===
"correction"?o+1:r.length,0,this.final(e,o)),this.bracket=a("div",{class:"bracket",hidden:!e.draft.length},a("span",{class:"\
sweep"})),this.grid.removeAttribute("aria-label"),this.grid.replaceChildren(...this.plain?[]:this.labels(t,e),this.bracket,
...r,...this.free(e))}drawTree(t,e,i){let{round:n}=this,{size:r}=this.tree,o=r==="dense"||r==="slim",l=n.draft.map((h,d)=>this.
guess(h,d,r==="dense"?[]:Dt(h,i,$t(t.header.settings,n,h),!0),{mark:!0,small:o}));if(n.final){let h=this.finalChip(n.final,
o);l.push(a("div",{class:"final","data-verdict":n.final.verdict,style:`--i:${l.length}`},h,r==="dense"?null:a("span",{class:`\
numbers of-${n.final.verdict}`},c(`stage.${n.final.verdict}`))))}this.tree.draw(t,e,l),this.grid.setAttribute("aria-lab\
el",c("stage.tree_label",{n:n.draft.length,depth:rt(n.draft)})),this.grid.replaceChildren(this.tree.node),this.foot.replaceChildren(
...this.footer(t,n,i)),this.foot.classList.toggle("is-empty",!n.draft.length)}footer(t,e,i){let n=h=>e.draft.filter(d=>d.
verdict===h).length,r=h=>a("span",{class:`of-${h}`},k(h),c(`stage.ledger_${h}`,{n:n(h)})),o=a("span",{class:"tree-ledge\
r ledger","data-test":"tree-ledger"});T(o,"stage.ledger",{accepted:r("accepted"),rejected:r("rejected"),discarded:r("di\
scarded"),drafted:e.draft.length});let l=a("span",{class:"tree-walk"});return K(`stage.walk_${i}`)&&T(l,`stage.walk_${i}`,
{p:a("var",{class:"of-p"},"p")}),[l,o,a("span",{class:"tree-cost"},this.costs(t,e).filter(([,,h])=>h).map(([,h,d])=>`${h}\
: ${d}`).join(" · "))]}costs(t,e){let i=[c(`stage.row_${G(t.header)}`),c("stage.row_checks")];if(!e.passes||!e.seconds)
return[["guesses",i[0],""],["checks",i[1],""]];let n=e.passes.draft,r=n?c("stage.guess_passes",{n,time:bt(e.seconds.draft)}):
c("stage.guess_no_pass",{time:bt(e.seconds.draft)}),o=bt(e.seconds.verify),l=e.passes.target===1?c("stage.check_pass",{
time:o}):c("stage.check_passes",{n:e.passes.target,time:o});return[["guesses",i[0],r],["checks",i[1],l]]}labels(t,e){return[
...this.costs(t,e),["writes",c("stage.row_writes"),e.final?c("stage.writes_same"):""]].map(([n,r,o])=>a("div",{class:`r\
ow-label row-${n}`},a("span",{},r),a("small",{},o)))}guess(t,e,i,{mark:n=!1,small:r=!1}={}){let o=`${this.index}:${e}`,
l=W(t,t.verdict,{tag:"button",mark:n,small:r,attributes:{type:"button","data-token":o,"data-verdict":t.verdict}});this.
chips.set(o,l);let h=n?null:a("span",{class:"verdict"},k(t.verdict),a("b",{},c(`stage.${t.verdict}`)));return a("div",{
class:"guess","data-verdict":t.verdict,style:`--i:${e}`},n?null:a("span",{class:"nth","aria-hidden":"true"},String(e+1)),
l,h,a("span",{class:"numbers"},i.map((d,p)=>a("span",{},d+(p<i.length-1?", ":"")))))}finalChip(t,e=!1){let i=`${this.index}\
:f`,n=c("stage.final_label",{token:L(t.piece),verdict:c(`stage.${t.verdict}`)}),r=W(t,t.verdict,{tag:"button",small:e,mark:t.
verdict!=="plain",attributes:{type:"button","data-token":i,"data-verdict":t.verdict,"aria-label":n}});return this.chips.
set(i,r),r}final(t,e){let i=t.final,n=a("span",{});i.verdict==="correction"&&t.draft[e]?T(n,"stage.in_place",{token:a("\
q",{},V(t.draft[e].piece,24))}):i.verdict==="bonus"?y(n,c("stage.free_token",{n:t.draft.length})):this.plain||y(n,c("st\
age.alone_token"));let r=this.plain?0:e,o=r>=this.columns-2&&r>1;return a("div",{class:"final","data-verdict":i.verdict,
style:`--i:${r}`,"data-late":o},this.finalChip(i),a("div",{class:"final-note"},a("b",{class:`of-${i.verdict}`},c(`stage\
.${i.verdict}`))," ",n))}free(t){if(!t.draft.length||!t.final||t.draft.length>this.columns-1)return[];let e=t.final.verdict===
"bonus";return[a("p",{class:"free","data-kept":e,style:`--i:${t.draft.length}`},c("stage.free",{n:t.draft.length}))]}beat(t,e,{
still:i}){this.stale&&this.draw(t,this.index),this.mask.draw(t,this.index),this.node.dataset.beat=et[e],this.node.classList.
toggle("is-still",i),this.beats.forEach((l,h)=>l.classList.toggle("is-now",h===e));let[n,r]=_t(t,this.round,e);y(this.first,
n),y(this.second,r);let o=e>=2;this.mask.beat(o),this.round.draft.forEach((l,h)=>{let d=this.chip(h);d.classList.toggle(
"is-pending",!o),d.classList.toggle(`is-${l.verdict}`,o),d.setAttribute("aria-label",this.named(l,h,o))})}chip(t){return this.
chips.get(`${this.index}:${t}`)}named(t,e,i){let n={token:L(t.piece),n:e+1,of:this.round.draft.length,verdict:c(`stage.${t.
verdict}`)};if(this.grid.dataset.layout!=="tree")return c(i?"stage.chip_label":"stage.chip_pending",n);let r=this.round.
draft[t.parent],o={depth:H(this.round.draft,e).length,parent:r?L(r.piece):c("stage.root")};return c(i?"stage.node_label":
"stage.node_pending",{...n,...o})}tell(t){this.mask.tell(t)}refit(){return this.tree.placed=!1,this}measure(){if(!this.
round)return null;let{grid:t,round:e}=this,i=this.head.offsetHeight;if(t.dataset.layout==="tree")return{head:i,tree:this.
tree.measure()};let n=t.dataset.layout==="columns",r=e.final?this.chip("f"):null,[o,l]=n&&e.draft.length?[this.chip(0),
this.chip(e.draft.length-1)]:[];return{head:i,tight:n&&t.scrollWidth>t.clientWidth,bracket:o&&l?`${l.offsetLeft+l.offsetWidth-
o.offsetLeft}px`:"",chip:r?r.offsetWidth:0,height:t.offsetHeight}}settle(t){if(t){if(t.head>this.highest&&(this.highest=
t.head,this.head.style.minHeight=`${t.head}px`),"tree"in t)return this.tree.settle(t.tree);t.tight&&(this.grid.classList.
add("is-tight"),t={...this.measure(),tight:!1}),this.bracket.style.width=t.bracket,this.grid.style.setProperty("--chip",
`${t.chip}px`),!(t.height<=this.tallest)&&(this.tallest=t.height,this.grid.style.minHeight=`${t.height}px`)}}};var Et=128,Ks=64,Qt=60,Gs=/[\u202a-\u202e\u2066-\u2069]/;function Js(s,t){let e=s.text.length-s.text.trimStart().length,
i=Gs.test(s.text)?" is-apart":"";return a("span",{class:`token is-${s.verdict}${i}`,"data-token":t},s.text.slice(0,e),a(
"span",{class:"under"},s.text.slice(e)))}function Qs(s,t){let e=t.firstElementChild,i=e?.querySelector(".under").getClientRects()[0],
n=s.getClientRects();return!!(i&&n.length&&!/^\s*\n/.test(e.textContent))&&i.top>=n[n.length-1].bottom}var At=class{rounds;hidden;parted;shown;now;expanded;sweeping;constructor(){
this.prompt=a("span",{class:"text-prompt"}),this.body=a("span",{class:"text-body"}),this.ending=a("span",{class:"text-e\
nding tag is-future"}),this.caret=a("span",{class:"caret","aria-hidden":"true"}),this.flow=a("p",{class:"text-flow",dir:"\
auto","data-test":"text"},this.prompt,this.body," ",this.ending,this.caret),this.box=a("div",{class:"text-box",role:"gr\
oup","aria-label":c("stage.text")},this.flow),this.all=a("button",{type:"button",class:"text-all",hidden:!0,"aria-expan\
ded":"false",on:{click:()=>this.expand()}}),this.node=a("div",{class:"text"},this.box,this.all),this.clear()}clear(){clearTimeout(
this.sweeping),this.rounds=[],this.hidden=[],this.parted=0,this.shown=0,this.now=null,this.body.replaceChildren(),y(this.
ending,""),this.expand(!1)}build(t){y(this.prompt,t.header.prompt.text),this.prompt.classList.toggle("is-source",ot(t));
let e=document.createDocumentFragment();for(let i=this.rounds.length;i<t.rounds.length;i++){let n=Zs(t.rounds[i],i).map(
([o,l])=>Js(o,l)),r=a("span",{class:"text-round is-future"},n);this.rounds.push(r),this.hidden.push(!0),e.append(r)}this.
body.append(e)}whole(t){this.node.classList.toggle("is-whole",t)}show(t,e){this.shown=t,clearTimeout(this.sweeping),this.
reveal(t-Qt,t+Qt,1/0),this.sweep();let i=t>0?this.rounds[t-1]:this.prompt;this.now!==i&&(this.now&&this.now.classList.remove(
"is-now"),this.now=i),i.classList.toggle("is-now",e&&t>0)}reveal(t,e,i){let n=Math.min(e,this.rounds.length);for(let r=Math.
max(0,t);r<n;r++){let o=r>=this.shown;if(this.hidden[r]!==o){if(i--<=0)return!0;this.hidden[r]=o,this.rounds[r].classList.
toggle("is-future",o)}}return!1}sweep(){this.hidden.some((t,e)=>t!==e>=this.shown)&&(this.sweeping=setTimeout(()=>{this.
reveal(0,this.rounds.length,Qt),this.sweep()},0))}end(t,e){y(this.ending,t),this.ending.classList.toggle("is-future",!e||
!t)}measure(){let{box:t,flow:e,now:i}=this,n=i?i.getClientRects():[];if(!n.length)return null;let r={first:n[0],last:n[n.
length-1],flow:e.getBoundingClientRect(),box:t.getBoundingClientRect()},o=this.expanded||t.scrollHeight>t.clientHeight+
2;return{...r,tall:o,cuts:r.flow.width===this.width?this.cuts():[]}}cuts(){let{rounds:t}=this,e=[],i=r=>Qs(t[r-1],t[r]),
n=this.parted;for(;t.length-n>=Et+Ks;){let r=n?n+Et:1;if(n)for(;r>n&&!i(r);)r--;else for(;r<Et&&!i(r);)r++;if(r===n||r===
Et)break;e.push(r),n=r}return e}part(t){for(let e of t){let i=this.rounds[e],n=i.firstElementChild?.firstChild;if(n instanceof
Text&&i.before(n),this.parted){let r=a("span",{class:"text-part"});this.rounds[this.parted].before(r);for(let o=r.nextSibling;o&&
o!==i;o=r.nextSibling)r.append(o)}this.parted=e}}join(t){this.width=t;for(let e of this.body.querySelectorAll(".text-pa\
rt"))e.replaceWith(...e.childNodes);this.parted=0}settle(t){if(!t)return;let{first:e,last:i,flow:n,box:r}=t;n.width!==this.
width&&this.join(n.width),this.part(t.cuts),this.caret.style.transform=`translate(${i.right-n.left+2}px, ${i.top-n.top}\
px)`,this.caret.style.height=`${i.height}px`,this.all.hidden=!t.tall,this.node.classList.toggle("is-tall",t.tall),t.tall&&
!this.expanded?this.box.tabIndex=0:this.box.removeAttribute("tabindex"),!(this.expanded||!t.tall)&&(i.bottom+10>r.bottom?
this.box.scrollTop+=i.bottom+10-r.bottom:e.top-10<r.top&&(this.box.scrollTop+=e.top-10-r.top))}expand(t=!this.expanded){
this.expanded=t,this.node.classList.toggle("is-open",t),this.all.setAttribute("aria-expanded",String(t)),y(this.all,c(t?
"stage.show_less":"stage.show_all")),this.settle(this.measure())}span(t){return this.body.querySelector(`[data-token="${t}\
"]`)}};function Zs(s,t){let e=new Map(s.draft.map((i,n)=>[i,`${t}:${n}`]));return s.final&&e.set(s.final,`${t}:f`),tt(s).
map(i=>[i,e.get(i)])}var Lt=class{formulas;asked;constructor(){this.lead=a("b"),this.rest=a("span"),this.totals=["acceptance","per_pass","ef\
ficiency"].map(t=>this.total(t)),this.ledger=a("p",{class:"ledger","data-test":"ledger"}),this.ending=a("p",{class:"end\
ing","data-test":"ending"}),this.formula=a("p",{class:"total-formula","aria-live":"polite"}),this.node=a("section",{class:"\
totals","data-test":"totals"},a("p",{class:"totals-title"},this.lead," ",this.rest),a("div",{class:"totals-row"},this.totals.
map(t=>t.node)),this.ledger,this.ending,this.formula)}total(t){let e=a("span",{class:"total-value"}),i=a("span",{class:"\
total-count"}),n=a("span",{class:"total-name"},c(`stage.${t}`)),r=()=>this.explain(t),o=()=>this.explain(null),l=a("but\
ton",{type:"button",class:"total","data-total":t,on:{focus:r,pointerenter:r,blur:o,pointerleave:o,click:r}},e,n,i);return{
kind:t,node:l,value:e,count:i,name:n}}explain(t){this.asked=t,y(this.formula,t&&this.formulas?this.formulas[t]:"")}show(t,e){
let i=J(t,e),n=vt(i),r=i.accepted+i.refusals,o=c("stage.none_yet"),l=g=>g===null?o:$(g),h=n.perPass===null?o:n.perPass.
toFixed(1);y(this.lead,e===0?c("stage.totals_none"):e===1?c("stage.totals_one"):c("stage.totals_rounds",{n:e})),y(this.
rest,c("stage.totals_of",{rounds:t.rounds.length}));let d=O(t.header),p=(g,j,v)=>{y(this.totals[g].value,j),y(this.totals[g].
count,v),this.totals[g].node.hidden=d&&g!==1},u=ht(t.header)?"":"_kept";y(this.totals[0].name,c(`stage.acceptance${u}`)),
p(0,l(n.acceptance),c("stage.acceptance_count",{accepted:i.accepted,judged:r})),p(1,h,c("stage.per_pass_count",{tokens:i.
tokens,n:i.passes})),p(2,l(n.efficiency),c("stage.efficiency_count",{accepted:i.accepted,drafted:i.drafted})),this.formulas=
{acceptance:c(`stage.acceptance${u}_formula`,{accepted:i.accepted,judged:r,share:l(n.acceptance)}),per_pass:c("stage.pe\
r_pass_formula",{tokens:i.tokens,passes:i.passes,value:h}),efficiency:c("stage.efficiency_formula",{accepted:i.accepted,
drafted:i.drafted,share:l(n.efficiency)})},this.explain(this.asked||null),this.ledger.hidden=d;let b=g=>a("span",{class:`\
of-${g}`},k(g),c(`stage.ledger_${g}`,{n:i[g]}));T(this.ledger,"stage.ledger",{accepted:b("accepted"),rejected:b("reject\
ed"),discarded:b("discarded"),drafted:i.drafted})}};var Vs=[[.5,"½×"],[1,"1×"],[2,"2×"],[4,"4×"]],Ot=class{constructor(t){let e=o=>a("button",{type:"button",class:`st\
ep step-${o}`,"data-test":o,"aria-label":c(`stage.${o}`),title:c(`stage.${o}`),on:{click:t[o]}},k(o));this.playButton=e(
"play"),this.playButton.append(k("pause")),this.slider=a("input",{type:"range",class:"slider",min:1,max:4,step:1,value:1,
"aria-label":c("stage.playhead"),"data-test":"playhead",on:{input:()=>t.scrub(Number(this.slider.value))}}),this.ticks=
[x("path",{}),x("path",{})];let i=(o,l)=>x("svg",{class:`ruler ruler-${o}`,preserveAspectRatio:"none","aria-hidden":"tr\
ue"},l);this.rulers=[i("ahead",this.ticks[0]),i("past",this.ticks[1])],this.position=a("span",{class:"position","data-t\
est":"position"});let n=Vs.map(([o,l])=>a("option",{value:o,selected:o===1},l)),r=a("select",{class:"pick","aria-label":c(
"stage.speed"),"data-test":"speed",on:{change:()=>t.speed(Number(r.value))}},n);this.node=a("div",{class:"transport",role:"\
group"},e("first"),e("previous"),this.playButton,e("next"),e("last"),a("div",{class:"scrub"},this.rulers,this.slider),this.
position,a("span",{class:"picker"},r,k("next")))}place({round:t,beat:e},i){let n=t*4+e+1;this.slider.value=String(n),this.
slider.setAttribute("aria-valuetext",c("stage.playhead_value",{round:t+1,rounds:i,beat:c(`stage.beat_${et[e]}`)}));let r=(n-
1)/Math.max(1,i*4-1);this.rulers[1].style.clipPath=`inset(0 ${(100-r*100).toFixed(3)}% 0 -2px)`,y(this.position,c("stag\
e.position",{round:t+1,rounds:i}))}scale(t){let e=t*4-1,i=Math.max(1,this.slider.clientWidth),n=[1,5,10,50,100,500,1e3].
find(o=>i*o/t>9)||5e3,r=`M0 8H${e}M0 3V13`;for(let o=n;o<=t;o+=n)r+=`M${o*4-1} 3V13`;this.slider.max=String(t*4);for(let[
o,l]of this.rulers.entries())l.setAttribute("viewBox",`0 0 ${e} 16`),this.ticks[o].setAttribute("d",r)}moving(t){this.playButton.
classList.toggle("is-on",t);let e=c(t?"stage.pause":"stage.play");this.playButton.title!==e&&(this.playButton.title=e,this.
playButton.setAttribute("aria-label",e))}};var M=(s,t="")=>a("b",{class:"of-p"},s===0&&t?c("stage.cut_nothing",{by:t}):w(s)),I=s=>a("b",{class:"of-q"},w(s)),q=()=>a(
"var",{},"u"),f=(s,t)=>T(a("p",{class:"why-sentence"}),s,t),st=(...s)=>a("p",{class:"formula"},s),Q=()=>a("span",{class:"\
sign"},"="),m=(s,t=s.verdict)=>W(s,t,{mark:t!=="plain",small:!0}),Tt=s=>Math.min(1,Math.max(0,s)),ft=s=>"parent"in s;function Zt({
target_prob:s,draft_prob:t},e){let[i,n]=gt(s,t,e,(r,o)=>Math.min(1,r/o));return{p:a("b",{class:"of-p"},i),q:a("b",{class:"\
of-q"},n)}}function Ct(s,t){let{p:e,q:i}=Zt(s,t),n=a("span",{class:"formula-letters"},"min(1, ",a("i",{},"p"),"/",a("i",
{},"q"),")",Q());return st(n,"min(1, ",e," / ",i,")",Q(),a("b",{},t))}var Vt=()=>a("span",{class:"formula-inline"},"max\
(0, ",a("i",{},"p")," − ",a("i",{},"q"),")");var Ys=s=>{let t=a("span",{class:"why-chips"});return s.forEach((e,i)=>t.append(i?" ":"",m(e))),t};function it({token:s,
round:t,branched:e}){if(!e)return[];let{nth:i,of:n,before:r}=X(t.draft,s);if(n<2)return[];let o=t.draft[s.parent],l=o?m(
o):c("stage.root");return r.length?[f("stage.sibling_later",{nth:i,of:n,parent:l,before:Ys(r)})]:[f("stage.sibling_firs\
t",{nth:i,of:n,parent:l})]}var Yt=({token:s,round:t})=>{if(s.verdict!=="rejected")return s;let e=t.draft.find(n=>n.parent===s.parent&&n.verdict===
"accepted"),i=s.parent===B(t)&&t.final&&t.final.verdict==="correction";return e||(i?t.final:null)};function Ie(s){let{token:t,
copied:e,round:i}=s,n=Yt(s),r=t.verdict==="accepted",o=r?"match":n?"mismatch":"mismatch_other",l={token:m(t),p:M(t.target_prob),
q:I(t.draft_prob),source:c(`stage.source_${s.family}`)};n&&Object.assign(l,{choice:m(n),best:M(n.target_prob)});let h=n&&
ft(n)&&n!==t,{next:d}=s.branched?X(i.draft,t):{next:null},p=r?"greedy_kept":h?"greedy_refused_sibling":d?"greedy_refuse\
d_next":n?"greedy_refused":"greedy_refused_end";return[...it(s),f(`stage.greedy_${e?"copied_":""}${o}`,l),a("p",{class:`\
verdict-line of-${t.verdict}`},k(t.verdict),a("b",{},c(r?"stage.equal":"stage.differ"))),f(`stage.${p}`,{choice:n?m(n):
"",next:d?m(d):""})]}function Xt(s,t,e,i=0){return a("div",{class:`bar bar-${s}`},a("span",{class:"bar-fill",style:t>0?`width:${t*100}%`:"di\
splay:none"}),a("span",{class:"bar-value",style:i>0?`margin-left:${i*100}%`:null},e))}function Xs(s){let{token:t,rule:e}=s,
i=t.verdict==="accepted"||t.verdict==="rejected"||t.verdict==="discarded",n=t.verdict==="rejected"||t.verdict==="correc\
tion";return{q:e!=="typical"&&e!=="match"?i||t.verdict==="correction":e==="match"&&i,residual:(e==="rejection"||e==="bl\
ock")&&n,ranks:e==="greedy"&&t.verdict!=="discarded",threshold:e==="typical"&&t.rule&&i?t.rule.threshold:null}}function ti(s,t,e){
let[i,,n,,r]=e;if(t.residual)return r>0?null:c("stage.nothing_left");if(t.threshold!==null)return n>t.threshold?"":c("s\
tage.not_kept");let o=[];if(t.ranks){let h=Yt(s);h&&h.id===i&&o.push(c("stage.first_choice"))}let l=s.token.verdict==="\
correction"?s.refused:t.q?s.token:null;return t.ranks&&l&&l.id===i&&o.push(c("stage.drafted")),s.rule==="match"&&s.drawn&&
s.drawn.id===i&&o.push(c("stage.drawn")),o.join(", ")}function ei(s,t,[e,,i]){let{token:n,round:r,refused:o}=s;if(n.verdict===
"correction"&&o&&o.id===e)return"is-rejected of-rejected";let l=t.threshold!==null&&i<=t.threshold?"is-under":"";return n.
id===e?`${l} is-own is-${n.verdict} of-${n.verdict}`:n===o&&r.final&&r.final.verdict==="correction"&&r.final.id===e?"is\
-own of-correction":l}function si(s,t,e,i){let[,n,r,o,l]=e,h=c("stage.cut",{by:s.cut}),d={p:r===0&&s.cut?h:w(r),q:o===0&&
s.cut&&!s.copied?h:w(o)},p={token:L(n),...d,residual:$(l)},u=t.residual?"bar_row_residual":t.q?"bar_row_q":"bar_row",b=ti(
s,t,e);return a("li",{class:`bars-row ${ei(s,t,e)}`},a("span",{class:"heard"},`${c(`stage.${u}`,p)} ${b||""}`.trim()),a(
"span",{class:"bars-label","aria-hidden":"true"},V(n,16)),a("div",{class:"bars-pair","aria-hidden":"true"},Xt("p",r/i,d.
p,t.threshold===null?0:(Math.min(t.threshold,i)-r)/i),t.q?Xt("q",o/i,d.q):null),a("div",{class:"bars-note","aria-hidden":"\
true"},b===null?Xt("residual",l,$(l)):b))}function ii(s){return a("li",{class:"bars-row bars-head","aria-hidden":"true"},
a("span",{}),a("div",{class:"bars-names"},T(a("b",{class:"of-p"}),"stage.bars_target",{p:a("var",{},"p")}),s.q?T(a("b",
{class:"of-q"}),"stage.bars_drafter",{q:a("var",{},"q")}):null),s.residual?a("b",{class:"of-residual"},c("stage.bars_re\
sidual")):a("span",{}))}function ni(s,t,e){let i=Math.min(1,s/t);return a("li",{class:"bars-row bars-line","aria-hidden":"\
true"},a("span",{}),a("div",{class:"bars-pair"},a("span",{class:"bars-threshold",style:`left:calc((100% - 48px) * ${i.toFixed(
4)});--rows:${e}`},T(a("span",{}),"stage.threshold_line",{threshold:a("b",{},w(s))}))),a("span",{}))}var We=s=>{let t=Xs(
s),{top:e,tail:i}=s.token,n=Math.max(1e-9,...e.map(h=>Math.max(h[2],t.q?h[3]:0))),r=[M(i[0]),t.q?I(i[1]):null],o=a("li",
{class:"bars-row bars-others"},a("span",{class:"bars-label"},c("stage.others")),a("div",{class:"bars-rest"},r),a("div",
{class:"bars-note"},t.residual?$(Math.min(1,Math.max(0,i[2]))):"")),l=t.threshold===null?null:ni(t.threshold,n,e.length);
return a("ul",{class:`bars ${l?"has-line":""}`,"data-residual":t.residual,"data-alone":!t.q,"aria-label":c("stage.bars_\
heading")},ii(t),l,e.map(h=>si(s,t,h,n)),o)};function lt(s){let{token:t,round:e,copied:i,branched:n,refused:r}=s,o=f(i?"stage.behind_bars_copied":"stage.behind_bars",
{p:M(t.target_prob,s.cut),q:I(t.draft_prob)});if(!n)return[r?f("stage.behind",{token:m(r)}):f("stage.behind_end"),o];let{
draft:l}=e,h=H(l,l.indexOf(t)).map(p=>l[p]).find(p=>p.verdict!=="accepted");if(h.verdict==="rejected")return[f("stage.b\
ehind",{token:m(h)}),o];let d=l.find(p=>p.parent===h.parent&&p.verdict==="accepted");return d?h===t?[f("stage.beside",{
kept:m(d)}),o]:[f("stage.behind_beside",{token:m(h),kept:m(d)}),o]:[f("stage.behind_end"),o]}var ri=76,te=92,mt=s=>s.coin!==null,ee=s=>mt(s)&&s.coin<s.rule.threshold,Ue=s=>s.filter(t=>t.verdict==="accepted").length,
De=s=>mt(s)?c(ee(s)?"stage.block_passes":"stage.block_fails"):c("stage.none_yet");function oi(s,t,{here:e,key:i}){let{product:n,
threshold:r}=s.rule,o=ee(s),l=s.draft_prob>0?le(s.target_prob/s.draft_prob):"–",[h,d]=mt(s)?P(s.coin,r):[c("stage.non\
e_yet"),w(r)],p=e?"is-here":"",u=(_,S,...E)=>a("div",{class:`block-cell block-${S} ${p} ${o?"is-pass":""}`,style:`grid-\
area:${_}/${t+2}`,"aria-hidden":"true"},E),b={n:t+1,token:L(s.piece),coin:h,threshold:d,outcome:De(s)},g=mt(s)?c("stage\
.block_heard",b):c("stage.block_heard_not",b),j=W(s,s.verdict,{mark:!0,small:!0,attributes:{"data-token":i}}),v=a("div",
{class:"block-bar"},a("span",{class:"block-fill",style:`height:${r*100}%`}),mt(s)?[a("span",{class:"block-coin",style:`\
bottom:${s.coin*100}%`}),a("b",{class:"block-value",style:`bottom:${s.coin*100}%`},h)]:null);return[a("span",{class:"he\
ard"},g),u(1,"chip",j),u(2,"number",l),u(3,"number",w(n)),u(4,"limit",d),u(5,"room",v),u(6,"outcome",De(s))]}function ai(s){
let t=Ue(s),e=t+(t<s.length&&s[t].verdict==="rejected"?1:0),i=(r,o)=>c(r==="accepted"&&o>1?"stage.block_accepted":`stag\
e.${r}`),n=(r,o,l)=>o>r?[a("div",{class:`block-span is-${l} of-${l}`,style:`grid-area:7/${r+2}/8/${o+2}`},i(l,o-r))]:[];
return[...n(0,t,"accepted"),...n(t,e,"rejected"),...n(e,s.length,"discarded")]}function li(s){let{round:t,index:e,token:i,
room:n}=s,{draft:r}=t,o=Math.max(ri,Math.min(104,(n-te)/r.length)),l=(p,u,...b)=>a("div",{class:`block-name block-name-${u}`,
style:`grid-area:${p}/1`,"aria-hidden":"true"},b),h=()=>a("var",{},"h"),d=()=>a("var",{},"u");return a("div",{class:"bl\
ock",tabindex:r.length*o+te>n?"0":null,role:"group","aria-label":c("stage.block_label")},a("div",{class:"block-grid",style:`\
grid-template-columns:${te}px repeat(${r.length}, ${o}px)`},l(2,"ratio",a("i",{},"p/q")),l(3,"product",c("stage.block_p\
roduct")),l(4,"limit",c("stage.block_threshold")," ",h()),l(5,"scale",a("span",{},"1"),a("span",{class:"block-legend"},
a("span",{class:"block-coin"}),c("stage.block_coin")," ",d()),a("span",{class:"block-legend"},a("span",{class:"block-sw\
atch"}),c("stage.block_threshold")," ",h()),a("span",{},"0")),l(6,"test",d()," < ",h()),r.map((p,u)=>oi(p,u,{here:p===i,
key:`${e}:${u}`})),ai(r)))}function ci({token:s,round:t}){let{draft:e}=t,i=Ue(e)-1,n=e.indexOf(s),r={n:n+1,last:i+1,token:m(
s),refused:i+1<e.length?m(e[i+1]):""},o=ee(s);return n>i+1?f("stage.block_behind",r):n===i+1?f(n===e.length-1?"stage.bl\
ock_stops":"stage.block_ends",r):t.final?n===i?f("stage.block_last",r):f(o?"stage.block_both":"stage.block_fails_yet",r):
f(o?"stage.block_ended":"stage.block_ended_yet",r)}var Ke=s=>{if(s.token.coin===null)return lt(s);let t=s.round.final?[
f("stage.block_writes",{token:m(s.round.final)})]:[];return[f("stage.block_lead",{last:a("b",{},c("stage.block_the_last"))}),
li(s),ci(s),...t]},Ge=({token:s,round:t,refused:e})=>{let i=B(t),n=i<0||!t.draft[i].rule?1:t.draft[i].rule.product,r=s.
top.find(p=>p[0]===s.id),o=[f("stage.block_residual",{refused:m(e||s),u:q(),coin:w(s.coin)})];if(!r)return o;let l=a("s\
pan",{class:"formula-letters"},"max(0, ",a("i",{},"P·p")," − ",a("i",{},"q"),")",Q()),h=Math.max(0,n*r[2]-r[3]);h>0&&
o.push(st(l,"max(0, ",a("b",{},w(n))," · ",M(r[2])," − ",I(r[3]),")",Q(),a("b",{},w(h))));let d=a("b",{class:"of-res\
idual"},$(r[4]));return[...o,f("stage.residual_share",{token:m(s),share:d,p:M(s.target_prob)}),f(i<0?"stage.block_produ\
ct_start":"stage.block_product_here",{product:a("i",{},"P"),value:a("b",{},w(n))})]};function Je(s){let{token:t,round:e,refused:i}=s,n=t.verdict==="accepted"?t:t===i?e.final:null,r=a("b",{},$(t.target_prob)),
o=t.coin===null?"":w(t.coin),l=Math.min(1,t.draft_prob>0?t.target_prob/t.draft_prob:1);return s.drawn=n,[f(n?"stage.mat\
ch_drew":"stage.match_drew_other",{u:q(),coin:o,choice:n?m(n):"",token:m(t)}),a("p",{class:`verdict-line of-${t.verdict}`},
k(t.verdict),a("b",{},c(t.verdict==="accepted"?"stage.equal":"stage.differ"))),f("stage.match_chance",{p:M(t.target_prob,
s.cut),share:r}),f(l>t.target_prob?"stage.match_rival":"stage.match_rival_same",{token:m(t),share:a("b",{},$(l))}),Ct(t,
w(l))]}function Qe({token:s}){let e=Object.entries(s.said??{}).map(([i,n])=>a("p",{},c("stage.opaque_said",{name:i,value:JSON.
stringify(n)})));return[f("stage.opaque"),...e]}var U=50;function hi(s,t,e){let[i,n]=[Math.min(s,t)*e,Math.max(s,t)*e],r=n-i<U?(U-(n-i))/2:0,o=e-U/2,l=Math.min(Math.max(
i-r,U/2),o-U),h=Math.min(Math.max(n+r,l+U),o);return s<=t?{accept:l,coin:h}:{accept:h,coin:l}}function Ze(s,t,e,i){let n=p=>`\
left:${Tt(p)*100}%`,o=s>=1?{coin:Math.min(Math.max(t*i,U/2),i-U/2)}:hi(s,t,i),l=(p,u,b="")=>a("span",{class:`tick ${b}`,
style:`left:${p}px`},u),h=Object.entries(o).map(([p,u])=>l(u,a("b",{},e[p]))),d=p=>Object.values(o).every(u=>Math.abs(p-
u)>U*.8);return d(4)&&h.push(l(0,"0","begins")),d(i-4)&&h.push(l(i,"1","ends")),a("div",{class:"coin",role:"img","aria-\
label":c("stage.coin_bar",{coin:e.coin,share:e.accept})},a("div",{class:"coin-sides"},s>=.1||s===1?a("b",{class:"of-acc\
epted"},c("stage.side_accept")):null,s<1?a("b",{class:"of-rejected",style:s>.86?"right:0":n(s<.1?s:Math.max(s,.12))},c(
"stage.side_reject")):null),a("div",{class:"coin-track"},a("span",{class:"coin-accept",style:`width:${Tt(s)*100}%`}),a(
"span",{class:"coin-reject",style:`left:${Tt(s)*100}%`}),a("span",{class:"coin-head",style:n(t)},a("var",{},"u"))),a("d\
iv",{class:"coin-ticks"},h))}function di(s,t){let{token:e,round:i,copied:n,branched:r}=s,o=e.target_prob>=e.draft_prob,l=r&&X(i.draft,e).before.length>
0,h=e.draft_prob===1&&e.draft_coin===null,d=n?"gave_copied":h?"gave_certain":l?"gave_left":o?"gave_more":"gave_less",p=o&&
d!=="gave_more"?`${d}_sure`:d;return f(`stage.${p}`,{...Zt(e,t),source:c(`stage.source_${s.family}`)})}var Ve=()=>a("b",
{class:"of-residual"},c("stage.residual"));function Ye({round:s,branched:t,token:e},i,n){let{next:r}=t?X(s.draft,e):{next:null};
return r?f(`${i}_next`,{...n,formula:Vt(),next:m(r)}):s.final?f(i,{...n,formula:Vt(),token:m(s.final)}):f(`${i}_end`,n)}
function pi(s){let{token:t,cut:e}=s,i={q:I(t.draft_prob),by:e,token:m(t),residual:Ve()};return[f("stage.gave_cut",i),Ye(
s,"stage.cut_refused",i)]}function Xe(s){let{token:t}=s,e=t.coin===null?null:P(t.coin,t.accept_prob),i=e?e[1]:w(t.accept_prob);
if(t.target_prob===0&&s.cut)return[...it(s),...pi(s)];let n=[...it(s),di(s,i),Ct(t,i)];if(!e)return n;n.push(Ze(t.accept_prob,
t.coin,{coin:e[0],accept:i},s.room));let r={u:q(),coin:e[0],share:i,token:m(t),residual:Ve()};return t.verdict==="accep\
ted"?[...n,f("stage.coin_below",r)]:[...n,Ye(s,"stage.coin_not_below",r)]}function ts(s){let{token:t,refused:e,rule:i,round:n}=s,r=s.branched&&e?n.draft.filter(p=>p.parent===e.parent&&p.verdict===
"rejected").length:1;if(!e)return se(s);if(i==="greedy"){let p={token:m(e),choice:m(t),p:M(t.target_prob),n:r};return[f(
r>1?"stage.from_greedy_tree":"stage.from_greedy",p),f("stage.greedy_same_pass")]}if(i==="match")return[f("stage.from_ma\
tch",{token:m(t),refused:m(e),u:q(),coin:w(t.coin),p:M(t.target_prob)})];let o=t.top.find(p=>p[0]===t.id),l=t.coin===null?
"from_residual_no_coin":r>1?"from_residual_tree":"from_residual",h=[f(`stage.${l}`,{token:m(e),n:r,u:q(),coin:t.coin===
null?"":w(t.coin)})];if(o&&o[2]>o[3]){let p=a("span",{class:"formula-letters"},"max(0, ",a("i",{},"p")," − ",a("i",{},
"q"),")",Q()),u=w(o[2]-o[3]),[b,g]=gt(o[2],o[3],u,(_,S)=>_-S),[j,v]=[a("b",{class:"of-p"},b),a("b",{class:"of-q"},g)];h.
push(st(p,"max(0, ",j," − ",v,")",Q(),a("b",{},u)))}let d=o?a("b",{class:"of-residual"},$(o[4])):"";return o&&h.push(
f(r>1?"stage.residual_share_tree":"stage.residual_share",{token:m(t),share:d,p:M(t.target_prob)})),h}function se(s){let{
token:t,round:e,alone:i,branched:n}=s,r=e.draft.length,o=t.verdict!=="bonus"?f(i?"stage.plain_why_alone":"stage.plain_w\
hy"):n?f("stage.bonus_why_tree"):f("stage.bonus_why",{n:r}),l={u:q(),token:m(t),p:M(t.target_prob)};return t.coin===null?
[o,f("stage.bonus_greedy",l)]:[o,f("stage.bonus_drawn",{...l,coin:w(t.coin)})]}function ui(s,{epsilon:t,delta:e},i){let n=i.split(".")[1]?.length??0,r=l=>Math.min(t,e*Math.exp(-Number(l))).toFixed(n)===
i,o=[2,3,4,5].map(l=>s.toFixed(l));return o.find(r)??o[0]}function fi({token:s,settings:t}){let{threshold:e,entropy:i}=s.
rule,[n,r]=P(s.target_prob,e),o=a("span",{class:"sign"},s.target_prob>e?">":"≤"),l=(...u)=>a("sup",{},"−",u),h=a("s\
pan",{class:"formula-letters"},"min(ε, δ·","e",l(a("i",{},"H")),")",a("span",{class:"sign"},"=")),p=t.epsilon!==void 0&&
t.delta!==void 0&&i!==void 0?["min(",String(t.epsilon),", ",String(t.delta),"·e",l(ui(i,t,r)),")",a("span",{class:"sig\
n"},"=")]:[];return st(a("b",{class:"of-p"},n),o,h,p,a("b",{},r))}function es(s){let{token:t,round:e}=s,i=t.verdict==="\
accepted",n=t.target_prob>t.rule.threshold,r=i?"typical_kept":n?"typical_shorter":"typical_refused",o=[...it(s),f(`stag\
e.${r}`,{token:m(t)}),fi(s),a("p",{class:"formula-note"},c("stage.typical_letters"))];return i?s.branched||s.copied||t.
draft_coin===null||t.draft_prob<=t.target_prob?[...o,ss("typical_bends",{})]:[...o,ss("typical_cost",{token:m(t),q:a("b",
{class:"of-q"},$(t.draft_prob)),p:a("b",{class:"of-p"},$(t.target_prob))})]:e.final&&t===s.refused?[...o,f("stage.typic\
al_then",{token:m(e.final)})]:o}function ss(s,t){let e=f(`stage.${s}`,t);return e.classList.add("is-warning"),e}var is=s=>{
let{token:t,refused:e}=s;if(t.verdict==="correction"){let l={refused:e?m(e):"",token:m(t),p:M(t.target_prob),u:q(),coin:t.
coin===null?"":w(t.coin)};return[f(e?"stage.typical_correction":"stage.typical_correction_end",l),f(t.coin===null?"stag\
e.typical_first":"stage.bonus_drawn",l)]}if(t.verdict!=="discarded")return es(s);let{draft:i,final:n}=s.round,r=H(i,i.indexOf(
t));return r.some(l=>i[l].verdict==="rejected")||!n&&r.includes(B(s.round))||!(t.target_prob>t.rule.threshold)?lt(s):es(
s)};var ns=s=>{let{token:t,rule:e}=s;return t.kind==="opaque"?Qe(s):ft(t)&&e==="block"&&t.rule?Ke(s):e==="typical"&&(ft(t)?
t.rule:t.verdict==="correction")?is(s):e==="block"&&t.verdict==="correction"?Ge(s):t.verdict==="discarded"?lt(s):t.verdict===
"correction"?ts(s):t.verdict==="bonus"||t.verdict==="plain"?se(s):e==="match"?Je(s):t.accept_prob===null?Ie(s):Xe(s)};function mi(s,{token:t,rule:e,round:i}){if(e==="block"&&"parent"in t&&t.kind==="judged"&&t.coin!==null){let n=i.draft.filter(
r=>r.verdict==="accepted").length;return T(s,n?"stage.why_block":"stage.why_block_none",{n})}return T(s,`stage.why_${t.
verdict}`,{token:m(t)})}var Nt=class{room;constructor({onStep:t,onRelease:e}){this.head=a("h3",{class:"why-title",id:`w\
hy-${Math.random().toString(36).slice(2)}`}),this.back=a("button",{type:"button",class:"why-step","data-test":"why-prev\
ious",on:{click:()=>t(-1)}}),this.forth=a("button",{type:"button",class:"why-step","data-test":"why-next",on:{click:()=>t(
1)}}),this.pin=a("button",{type:"button",class:"why-pin","data-test":"why-unpin",hidden:!0,"aria-label":c("stage.unpin"),
title:c("stage.unpin"),on:{click:e}},k("pin"),c("stage.pinned")),this.lossy=a("span",{class:"why-lossy",hidden:!0}),this.
where=a("span",{class:"tag",hidden:!0}),this.left=a("div",{class:"why-reasons"}),this.right=a("div",{class:"why-bars"}),
this.node=a("section",{class:"why","data-test":"why","aria-labelledby":this.head.id},a("div",{class:"why-head"},this.head,
this.where,this.lossy,a("div",{class:"why-steps"},this.pin,this.back,this.forth)),a("div",{class:"why-body"},this.left,
this.right)),this.tallest=0}relax(){this.tallest=0,this.node.style.minHeight=""}measure(){return{height:this.node.offsetHeight,
room:this.left.clientWidth}}settle({height:t,room:e}){this.room=e,!(t<=this.tallest)&&(this.tallest=t,this.node.style.minHeight=
`${t}px`)}wait(t){this.node.dataset.token="",this.head.replaceChildren(c("stage.why_label")),this.left.replaceChildren(
t>0?f("stage.waiting_round",{round:t+1}):f("stage.waiting")),this.right.replaceChildren(),this.where.hidden=!0,this.back.
hidden=this.forth.hidden=!0}show(t,e,i,{pinned:n,here:r}){t.room=this.room||300,this.node.dataset.token=t.key,this.node.
dataset.verdict=t.token.verdict,mi(this.head,t),this.where.hidden=t.index===r,y(this.where,c("stage.round",{round:t.index+
1})),this.lossy.hidden=nt(t.rule).lossless!==!1||t.alone,this.lossy.replaceChildren(...[Gt(t.rule)].filter(l=>l!==null)),
this.left.replaceChildren(...ns(t)),this.right.hidden=t.token.kind==="opaque";let o=t.rule==="greedy"?[a("p",{class:"fo\
rmula-note"},c("stage.bars_greedy"))]:[];this.right.replaceChildren(...this.right.hidden?[]:[We(t),...o]),this.steps(e,
i),this.pin.hidden=!n}steps(t,e){this.back.hidden=this.forth.hidden=!1,this.back.disabled=!t,this.forth.disabled=!e;let i=n=>n?
V(n.piece.trim()||n.piece,10):"";this.back.replaceChildren(a("span",{class:"keycap"},k("left")),a("span",{class:"why-ne\
ar"},i(t))),this.forth.replaceChildren(a("span",{class:"why-near"},i(e)),a("span",{class:"keycap"},k("right"))),this.back.
setAttribute("aria-label",`${c("stage.why_previous")}${t?`: ${L(t.piece)}`:""}`),this.forth.setAttribute("aria-label",`${c(
"stage.why_next")}${e?`: ${L(e.piece)}`:""}`)}};var C=3,ie=250,gi=12,bi=40,wi=250,xi=17,yi=3,os=".chip[data-token], .mask-row",vi=[" ","Home","End"],_i=900,rs=({target:s})=>s instanceof
Element&&s.matches(os),ne=class{noticeNode=a("p",{class:"notice",role:"status","data-test":"notice",hidden:!0});tag=a("\
span",{class:"tag"});origin=a("span",{class:"origin"});runLive=a("button",{type:"button",class:"quiet-button run-live",
"data-test":"run-live",hidden:!0,on:{click:()=>this.options.onRunLive?.()}},c("stage.run_live"));text=new At;key=a("div",
{class:"key"});round=new jt;why=new Nt({onStep:t=>this.stepToken(t),onRelease:()=>this.release()});chart=new Mt({onRound:t=>this.
visit(t)});totals=new Lt;transport=new Ot({first:()=>this.jump(0,0),previous:()=>this.step(-1),next:()=>this.step(1),last:()=>this.
toEnd(),play:()=>this.playing||this.following?this.pause():this.play(),scrub:t=>this.scrub(t),speed:t=>this.setSpeed(t)});heard=a(
"p",{class:"heard","aria-live":"polite","data-test":"heard"});overview=a("div",{class:"overview"},this.chart.node,this.
totals.node);body=a("div",{class:"stage-body",hidden:!0},a("div",{class:"provenance","data-test":"provenance"},this.tag,
this.origin,this.runLive),this.text.node,this.key,this.transport.node,this.round.node,this.why.node,this.overview);run;reader=new yt;at={
round:0,beat:0};playing=!1;live=!1;following=!1;wished={hover:null,focus:null,pin:null};speed=1;growing=!1;rested=0;charted=!1;moving=!1;adopted=!1;over=!1;ended="";heardAt=0;width=0;liveAsked;drawn=null;explained=null;explainedRun;timer;slice;hearing;charting;later;onKey=t=>this.
typed(t);onFonts=()=>this.run&&this.settle([this.round.refit(),this.text]);sizes=new ResizeObserver(()=>this.resize());constructor(t,e){
this.element=t,this.options=e,t.classList.add("specdec","specdec-stage"),t.replaceChildren(this.noticeNode,this.body,this.
heard),this.listen()}listen(){let t=i=>this.point("hover",i),e=i=>{i.relatedTarget?.closest?.("[data-token]")||this.point(
"hover",null)};this.element.addEventListener("pointerover",i=>{i.pointerType!=="touch"&&t(i)}),this.element.addEventListener(
"pointerout",e),this.element.addEventListener("focusin",i=>{rs(i)&&this.point("focus",i)}),this.element.addEventListener(
"focusout",i=>{rs(i)&&this.point("focus",null)}),this.element.addEventListener("click",i=>this.press(i)),document.addEventListener(
"keydown",this.onKey),document.fonts.addEventListener("loadingdone",this.onFonts),this.sizes.observe(this.element)}destroy(){
document.removeEventListener("keydown",this.onKey),document.fonts.removeEventListener("loadingdone",this.onFonts),this.
sizes.disconnect(),clearTimeout(this.timer),clearTimeout(this.slice),clearTimeout(this.hearing),clearTimeout(this.charting),
clearTimeout(this.later),clearTimeout(this.text.sweeping),this.run=null,this.element.replaceChildren()}show(t,{live:e}={}){
this.reader.clear(),this.adopted=!1,this.liveAsked=e,this.append(t)}append(t){this.reader.append(t),this.read()}cut(){this.
liveAsked=!1,this.read()}isLive(t){return t.footer||t.header.source!=="live"?!1:this.liveAsked===void 0||this.liveAsked===
null?!0:!!this.liveAsked}read(){clearTimeout(this.slice);let{reader:t}=this,e=t.runs[0]&&this.isLive(t.runs[0]),i=t.parse(
{budget:gi,whole:!e&&this.liveAsked!==!0}),n=t.runs[t.runs.length-1];if(i&&(this.slice=setTimeout(()=>this.read(),0)),t.
error)return this.complain(this.run&&!this.adopted?c("stage.notice_kept",{sentence:t.error}):t.error);if(!n)return i?void 0:
this.complain(this.run?c("stage.notice_empty_kept"):c("stage.notice_empty"));if(!n.rounds.length)return i?void 0:this.barren(
n);this.adopted?this.soon():(!i||this.isLive(n))&&this.adopt(n)}barren(t){if(this.isLive(t))return this.complain(c("sta\
ge.notice_reading"),"quiet");let e=t.footer&&t.footer.reason!=="length"?this.endingOf(t):c("stage.notice_no_rounds");this.
complain(this.run?c("stage.notice_kept",{sentence:e}):e)}complain(t,e="loud"){this.noticeNode.hidden=!t,this.noticeNode.
dataset.tone=e,y(this.noticeNode,t),this.state()}adopt(t){this.adopted=!0,this.run=t,this.stop(),this.wished={hover:null,
focus:null,pin:null},this.drawn=null,this.body.hidden=!1,this.charted=!1,this.text.clear(),this.round.relax(),this.introduce(
t),this.live=this.isLive(t),this.following=this.live,this.at={round:0,beat:0},this.text.whole(!1),this.round.tree.rest(
!1),this.grow(),this.why.relax(),this.live||this.open()}open(){if(Ft()||this.options.autoplay===!1)return this.set(this.
run.rounds.length-1,C,{still:!0,silent:!0});this.set(0,0,{still:!0,silent:!0});let t=new IntersectionObserver(e=>{e.some(
i=>i.isIntersecting)&&(t.disconnect(),this.at.round===0&&this.at.beat===0&&this.play())});t.observe(this.element)}soon(){
this.growing||(this.growing=!0,this.drawRested())}drawRested(){let t=this.rested-performance.now();t>0?setTimeout(()=>this.
drawRested(),t):requestAnimationFrame(()=>this.draw())}draw(){let t=performance.now();if(t<this.rested)return this.drawRested();
this.growing=!1,!(!this.run||!this.adopted)&&(this.grow(),requestAnimationFrame(()=>this.breathe(t)))}breathe(t){let e=performance.
now();this.rested=e+yi*Math.max(0,e-t-xi)}grow(){let{run:t}=this,e=this.live;this.live=this.isLive(t),this.transport.scale(
t.rounds.length),this.text.build(t),this.live&&this.charted?this.chartLater():this.layout(),this.finish(),e&&!this.live&&
this.following?this.land():this.following?this.follow():this.render({still:!0,same:!0,lazy:!0}),e&&!this.live&&(this.following=
!1),this.state()}land(){this.following=!1,this.text.whole(!0),this.held(!0)||this.set(Le(this.run),C,{still:!0,silent:!0}),
this.tellReader(this.endingOf(this.run))}follow(){this.held(!0)||this.set(this.run.rounds.length-1,C,{still:!0})}held(t){
if(this.over)return!0;let e=document.activeElement;return t&&(this.round.grid.contains(e)||this.why.node.contains(e))}introduce(t){
let{header:e}=t,i=e.source==="recorded"||this.liveAsked===!1;y(this.tag,c(i?"stage.recorded":"stage.live")),this.tag.title=
c(i?"stage.recorded_title":"stage.live_title"),document.activeElement===this.runLive&&!i&&this.transport.playButton.focus(
{preventScroll:!0}),this.runLive.hidden=!(i&&this.options.onRunLive),y(this.origin,me(e).join(" · ")),this.key.replaceChildren(
...ze(e))}endingOf(t){if(!t.footer)return this.isLive(t)?c("stage.ended_running"):c("stage.ended_cut");let{reason:e,message:i}=t.
footer;return e==="error"?i?c("stage.ended_error",{message:qt(i)}):c("stage.ended_error_unknown"):["eos","length","stop",
"cancelled"].includes(e)?c(`stage.ended_${e}`,{limit:t.header.settings.max_new_tokens}):e}finish(){let{run:t}=this;this.
ended=t.footer?t.footer.reason:this.live?"":"cut";let e=this.endingOf(t);y(this.totals.ending,e),this.complain(this.ended===
"error"||this.ended==="cut"?e:"")}set(t,e,{still:i=!1,lazy:n=!1,silent:r=!1}={}){let o=this.run.rounds.length-1;this.at=
{round:Math.min(Math.max(0,t),o),beat:Math.min(Math.max(0,e),C)},this.render({still:i,lazy:n,silent:r})}atEnd(){return this.
at.round===this.run.rounds.length-1&&this.at.beat===C}jump(t,e,i=!1){this.run&&(this.stop(),this.following=!1,this.set(
t,e,{still:!0,lazy:i}),this.state())}visit(t){this.jump(t,C)}step(t){if(!this.run)return;let e=this.at.round*4+this.at.
beat+t;e<0||e>=this.run.rounds.length*4||(this.stop(),this.following=!1,this.set(Math.floor(e/4),e%4,{still:t<0}),this.
state())}stepRound(t){if(!this.run)return;let e=this.chart.art.contains(document.activeElement);this.jump(this.at.round+
t,C),e&&this.chart.focusColumn(this.at.round)}toEnd(){this.run&&(this.jump(this.run.rounds.length-1,C),this.following=this.
live,this.state())}scrub(t){this.run&&this.jump(Math.max(1,Math.round(t/4))-1,C,!0)}play(){if(!(!this.run||this.playing)){
if(this.atEnd()&&this.live)return this.following=!0,this.state();clearTimeout(this.hearing),this.text.whole(!1),this.round.
tree.rest(!1),this.atEnd()&&this.set(0,0,{}),this.playing=!0,this.over=!1,this.state(),this.schedule()}}pause(){this.stop(),
this.following=!1,this.state(),this.tellReader()}stop(){this.playing=!1,clearTimeout(this.timer)}schedule(){clearTimeout(
this.timer),this.timer=setTimeout(()=>this.beat(),ie/this.speed)}beat(){if(!this.playing)return;if(this.held())return this.
schedule();if(this.atEnd())return this.stop(),this.following=this.live,this.state();let t=this.at.round*4+this.at.beat+
1;this.set(Math.floor(t/4),t%4,{}),this.schedule()}setSpeed(t){this.speed=t,this.element.style.setProperty("--beat",`${ie/
t}ms`),this.playing&&this.schedule()}render({still:t=!1,same:e=!1,lazy:i=!1,silent:n=!1}={}){if(!this.run)return;clearTimeout(
this.later);let r=t||Ft();this.renderRun(),i?(this.settle([this.text]),this.later=setTimeout(()=>{this.renderRound(r),this.
settle([this.round]),this.later=setTimeout(()=>this.renderWhy(),bi)},0)):(this.renderRound(r),this.explain(),this.settle()),
!e&&!n&&!this.playing&&!this.following&&this.tellReader(),!r&&this.at.beat===C&&this.fly(),this.state()}renderRun(){let{
run:t,at:e}=this,i=e.beat>=2?e.round+1:e.round;this.text.show(e.beat===C?e.round+1:e.round,e.beat===C),this.text.end(this.
ended?c(`stage.mark_${this.ended}`):"",!!this.ended&&this.atEnd()),this.chart.show(i,e.round),this.totals.show(t,i),this.
transport.place(e,t.rounds.length)}renderRound(t){let{run:e,at:i}=this;if(this.drawn!==i.round){let n=this.focusedPlace();
this.round.draw(e,i.round),this.drawn=i.round,this.refocus(n)}this.round.beat(e,i.beat,{still:t}),this.light(this.explained?
this.subject():null)}renderWhy(){this.explain(),this.settle([this.why])}settle(t=[this.round,this.why,this.text]){let e=t.
map(i=>({view:i,seen:i.measure()}));for(let{view:i,seen:n}of e)i.settle(n)}rest(){this.moving=!1,this.round.relax(),this.
round.tree.rest(!0),this.why.relax(),this.explain(),this.settle()}state(){let{element:t,run:e,at:i}=this,n=t.dataset;n.
state=e?this.live&&this.following?"live":this.playing?"playing":"paused":"empty",n.following=String(this.following),e&&
(n.round=String(i.round+1),n.rounds=String(e.rounds.length),n.beat=et[i.beat],n.ended=this.ended);let r=this.playing||this.
live&&this.following;this.transport.moving(r),this.moving&&!r&&this.rest(),this.moving=r}resize(){!this.run||!this.element.
clientWidth||this.width!==this.element.clientWidth&&(this.layout(),this.transport.scale(this.run.rounds.length),this.why.
relax(),this.renderRound(!0),this.settle(),this.explained=null,this.renderWhy())}chartLater(){this.charting||(this.charting=
setTimeout(()=>this.layout(),wi))}layout(){if(clearTimeout(this.charting),this.charting=void 0,this.charted=!0,this.width=
this.element.clientWidth,!this.width){this.chart.drawn=!1;return}this.round.layout(this.width,this.run),this.chart.node.
hidden=this.run.longest===0,this.overview.classList.toggle("is-plain",this.run.longest===0),this.chart.node.hidden?this.
chart.drawn=!1:this.chart.draw(this.run,this.chart.node.clientWidth||this.width)}fly(){let t=[...this.round.chips].map(
([e,i])=>({chip:i,to:this.text.span(e)})).filter(({chip:e,to:i})=>i&&e.offsetParent);Ne(this.element,t,ie*1.2/this.speed)}tellReader(t=""){
clearTimeout(this.hearing);let e=performance.now()-(this.heardAt||0),i=()=>{if(!this.run)return;let{round:n,beat:r}=this.
at,o=this.run.rounds[n],l=r<2?"":kt(o,n).map(p=>dt(this.run,p)?.token).filter(p=>p.verdict!=="discarded"||!D(o)).slice(
0,12).map(p=>c("stage.heard_token",{token:L(p.piece),verdict:c(`stage.${p.verdict}`)})).join(", "),h=_t(this.run,o,r).join(
" ").trim();this.heardAt=performance.now();let d=c("stage.heard",{round:n+1,rounds:this.run.rounds.length,sentence:h,tokens:l});
y(this.heard,`${t} ${d}`.trim())};this.hearing=setTimeout(i,Math.max(120,_i-e))}subject(){let{pin:t,hover:e,focus:i}=this.
wished;for(let n of[e,t,i])if(n&&dt(this.run,n))return n;return Oe(this.run,this.at,this.playing||this.live&&this.following)}explain(){
let t=this.subject(),e=`${t}|${this.wished.pin}|${this.at.round}`;if(this.explained!==e||this.explainedRun!==this.run)if(this.
explained=e,this.explainedRun=this.run,!t)this.why.wait(this.at.round);else{let i=n=>{let r=Ut(this.run,t,n);return r?dt(
this.run,r)?.token:null};this.why.show(dt(this.run,t),i(-1),i(1),{pinned:this.wished.pin===t,here:this.at.round})}this.
light(t)}light(t){this.round.tell(t);for(let e of this.element.querySelectorAll(".is-lit"))e.dataset.token!==t&&e.classList.
remove("is-lit");if(t)for(let e of this.element.querySelectorAll(`[data-token="${t}"]`))e!==this.why.node&&e.classList.
add("is-lit")}stepToken(t){let e=this.subject(),i=e&&Ut(this.run,e,t);i&&this.pinTo(i)}pinTo(t){this.wished.pin=t,this.
wished.hover=null,this.jump(Number(t.split(":")[0]),C)}release(){let t=this.why.pin===document.activeElement;this.wished.
pin=null,this.explain(),this.settle([this.why]),t&&this.transport.playButton.focus({preventScroll:!0})}point(t,e){if(!this.
run)return;let i=e?.target.closest?e.target.closest("[data-token]"):null,n=i&&i!==this.why.node&&this.element.contains(
i)?i.dataset.token:null;t==="hover"&&(this.over=!!n&&i.matches(".guesses .chip, .mask-row")),this.wished[t]!==n&&(this.
wished[t]=n,t==="focus"&&n&&(this.wished.hover=null),this.explain(),this.settle([this.why]))}press(t){let e=this.run&&t.
target.closest("[data-token]");if(!e||e===this.why.node||e.closest(".chart"))return;let i=e.dataset.token;if(this.wished.
pin===i)return this.release();Number(i.split(":")[0])===this.at.round&&e.matches(os)?(this.stop(),this.following=!1,this.
wished.pin=i,this.explain(),this.settle([this.why]),this.state()):this.pinTo(i)}focusedPlace(){let t=document.activeElement;
return!t||!this.round.grid.contains(t)?null:[...this.round.chips.values()].indexOf(t)}refocus(t){if(t===null)return;let e=[
...this.round.chips.values()],i=e[Math.min(Math.max(0,t),e.length-1)];i&&i.focus({preventScroll:!0})}mine(t){if(this.element.
contains(t))return!0;if(t!==document.body&&t!==document.documentElement)return!1;let e=this.element.getBoundingClientRect();
return e.width>0&&e.bottom>0&&e.top<window.innerHeight}typed(t){if(!this.run||t.defaultPrevented||t.ctrlKey||t.metaKey||
t.altKey||!this.mine(t.target))return;let{target:e}=t,i=e.closest?.("input, textarea, select, [contenteditable]");i&&i!==
this.transport.slider||vi.includes(t.key)&&!this.element.contains(e)||this.pressed(t,e)&&t.preventDefault()}pressed({key:t,
shiftKey:e},i){let n={ArrowRight:1,ArrowLeft:-1}[t];if(n&&this.why.node.contains(i))this.stepToken(n);else if(n&&e)this.
stepRound(n);else if(n)this.step(n);else if(t==="Home")this.jump(0,0);else if(t==="End")this.toEnd();else if(t==="Escap\
e"&&this.wished.pin)this.release();else{if(t===" ")return this.space(i);if(i===this.transport.slider&&["ArrowUp","Arrow\
Down","PageUp","PageDown"].includes(t))this.stepRound(/Up$/.test(t)?1:-1);else if(t==="Enter"&&i.matches(".column"))this.
visit(Number(i.dataset.first));else if(t==="Enter"&&i.matches(".mask-row"))this.pinTo(i.dataset.token);else return!1}return!0}space(t){
let e=t.closest?.("button");return e&&!e.matches(".chip")?!1:(t.matches?.(".column")?this.visit(Number(t.dataset.first)):
this.playing||this.live&&this.following?this.pause():this.play(),!0)}},re=(s,t={})=>{let e=new ne(s,t);return{show:(i,n)=>e.
show(i,n),append:i=>e.append(i),cut:()=>e.cut(),go:(i,n)=>e.jump(i,n),play:()=>e.play(),pause:()=>e.pause(),destroy:()=>e.
destroy()}};var ct=window.specdec;de(ct.words);be(ct.schema);ue(ct.methods);var oe=s=>document.getElementById(s);function ki(){let s=document.
documentElement,t=window.matchMedia("(prefers-color-scheme: dark)");s.classList.toggle("dark",t.matches),t.addEventListener(
"change",()=>s.classList.toggle("dark",t.matches));let e=oe("theme");e.append(k("theme")),e.addEventListener("click",()=>s.
classList.toggle("dark"))}function $i(){ki();let s=!document.documentElement.hasAttribute("data-still");ct.player=re(oe(
"stage"),{autoplay:s}),ct.player.show(String(oe("trace").textContent).slice(1),{live:!1})}Object.assign(ct,{stage:re,open:$i});})();
